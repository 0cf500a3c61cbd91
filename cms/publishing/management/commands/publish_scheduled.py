"""Wagtail's command, with pairs first: both languages of a page at one instant, or neither."""

from __future__ import annotations

from typing import Any

from wagtail.management.commands.publish_scheduled import Command as WagtailCommand

from cms.publishing.services.schedule import pairs_publish_scheduled


class Command(WagtailCommand):  # type: ignore[misc]
    help = "Publish the pairs of pages whose time has come; take down those whose time is over."

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["dryrun"]:
            outcome = pairs_publish_scheduled()
            self.stdout.write(
                f"published {outcome.published}, taken down {outcome.expired}, "
                f"refused {outcome.refused}"
            )
        super().handle(*args, **options)
