"""The web server: `python -m consult.serve`. docs/adr/0010 says why it is put together here.

Some processes on one socket (uvicorn's supervisor starts them, and again when they die). In each:

- one thread speaks HTTP with everybody at once (`connection`): it collects requests and hands out
  replies, however slowly people send and read, within limits of time and room;
- a few threads run the site (`application`), each on one whole request at a time.

So a thread is never spent on waiting for a person.
"""
