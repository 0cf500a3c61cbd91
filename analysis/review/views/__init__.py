"""The review desk: what people see and decide. Thin; services decide, selectors read.

Each decision is a form that works without JavaScript: it answers 303 to the desk. htmx sends the
same forms and takes the desk out of the same reply.
"""
