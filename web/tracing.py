"""Traces by OpenTelemetry, for who collects them: the extra ``otel``, off unless configured.

OpenTelemetry's own variables say where spans go (``OTEL_EXPORTER_OTLP_ENDPOINT``) and more; its SDK
reads them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.datastructures import Headers
from starlette.types import Scope

from .errors import SettingsError


class Tracing:
    """Sends a span for every request.

    Raises:
        SettingsError: the extra is not installed.
    """

    def __init__(self) -> None:
        try:
            from opentelemetry import propagate, trace  # noqa: PLC0415 - the extra may be missing
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415
                OTLPSpanExporter,
            )
            from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
            from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
            from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
        except ImportError as error:
            raise SettingsError(
                "设置了 OTEL_EXPORTER_OTLP_ENDPOINT，但没有安装 OpenTelemetry："
                "请运行 pip install 'youju[otel]'，或去掉这个变量。"
            ) from error
        self._provider = TracerProvider(resource=Resource.create({"service.name": "youju"}))
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("youju")
        self._context = propagate.extract
        self._server = trace.SpanKind.SERVER

    class Span:
        """The span of one request."""

        def __init__(self, span: Any) -> None:  # noqa: ANN401 - of a package that may be missing
            self._span = span

        def end(self, method: str, route: str, status: int) -> None:
            """Say what became of the request, as the semantic conventions for HTTP name it."""
            self._span.update_name(f"{method} {route}")
            self._span.set_attribute("http.request.method", method)
            self._span.set_attribute("http.route", route)
            self._span.set_attribute("http.response.status_code", status)

    @contextmanager
    def span(self, scope: Scope) -> Iterator["Tracing.Span"]:
        """A span around a request, a child of the client's if it says that it has one."""
        context = self._context(dict(Headers(scope=scope)))
        with self._tracer.start_as_current_span("http", context=context, kind=self._server) as span:
            yield Tracing.Span(span)

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()
