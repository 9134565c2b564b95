"""The serving program of the image: GET /ping, GET /execution-parameters, POST /invocations.

Usage: python -m container.serve MODEL_FOLDER. Prints its port as the first line, on 127.0.0.1. A model that
cannot be loaded ends the process with exit code 1, so `/ping` never answers.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from container.lifeline import end_with_parent
from container.prediction import Model, encode, encode_batch, parse_payload

MAX_CONTENT_LENGTH = int(os.environ.get("MAX_CONTENT_LENGTH", "6291456"))
ACCEPTED = ("application/json", "application/jsonlines", "application/x-recordio-protobuf", "text/csv")
Answer = tuple[int, str, str]


class Service:
    """One worker with one copy of the model. Predictions are serialised: XGBoost's are not thread safe."""

    def __init__(self, folder: str) -> None:
        self._model = Model(folder, os.environ.get("SAGEMAKER_INFERENCE_ENSEMBLE", "true").lower() == "true")
        self._batch = os.environ.get("SAGEMAKER_BATCH", "") != ""
        self._lock = threading.Lock()

    def invoke(self, payload: bytes, content_type: str, accept: str) -> Answer:
        """Status, content type, body. The order of the checks is the container's."""
        if not payload:
            return 204, "text/plain", ""
        try:
            matrix, is_csv = parse_payload(payload, content_type)
        except RuntimeError as error:
            return 415, "text/html", str(error)
        try:
            with self._lock:
                predictions = self._model.predict(matrix, is_csv).tolist()
        except Exception as error:
            return 400, "text/html", f"Unable to evaluate payload provided: {error}"
        chosen = accept.split(";")[0].strip().lower()
        if chosen in ("", "*/*"):
            chosen = os.environ.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "text/csv")
        if chosen not in ACCEPTED:
            return (
                406,
                "text/html",
                (f"Accept type {accept} is not supported. Please use supported accept types: {list(ACCEPTED)}."),
            )
        try:
            return 200, chosen, encode_batch(predictions) if self._batch else encode(predictions, chosen)
        except ValueError as error:
            return 500, "text/html", str(error)


def make_handler(service: Service) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # One packet per answer: headers and body apart cost 40 ms of delayed acknowledgement.
        wbufsize = 1 << 16
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            if self.path == "/ping":
                self._answer((200, "text/html", ""))
            elif self.path == "/execution-parameters":
                limits = {"MaxConcurrentTransforms": 1, "BatchStrategy": "MULTI_RECORD", "MaxPayloadInMB": 6}
                self._answer((200, "application/json", json.dumps(limits)))
            else:
                self._answer((404, "text/html", "Not Found"))

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            if length > MAX_CONTENT_LENGTH:
                self.close_connection = True
                self._answer((413, "text/html", "Request Entity Too Large"))
                return
            payload = self.rfile.read(length)
            content_type, accept = self.headers.get("Content-Type", ""), self.headers.get("Accept", "")
            known = self.path == "/invocations"
            self._answer(service.invoke(payload, content_type, accept) if known else (404, "text/html", "Not Found"))

        def _answer(self, answer: Answer) -> None:
            status, content_type, text = answer
            body = text.encode("utf-8")
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            print(format % args, file=sys.stderr, flush=True)

    return Handler


def main(folder: str) -> int:
    end_with_parent()
    try:
        service = Service(folder)
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    server = ThreadingHTTPServer(("127.0.0.1", 0), make_handler(service))
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
