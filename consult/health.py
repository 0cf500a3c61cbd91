"""Two questions a load balancer asks: is the process alive, and can it do its work?"""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """The process answers. Says nothing about what it depends on, so that a database that is
    down does not make an orchestrator kill web servers that will work again when it is back."""
    return JsonResponse({"status": "ok"})
