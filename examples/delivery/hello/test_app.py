import threading
import unittest
from urllib.error import HTTPError
from urllib.request import urlopen

from app import Greeter


class GreeterTests(unittest.TestCase):
    def setUp(self):
        self.server = Greeter(("127.0.0.1", 0), "1.2.3", drain_seconds=0.2)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def tearDown(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def get(self, path):
        try:
            with urlopen(f"http://127.0.0.1:{self.server.server_address[1]}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def test_greets_with_its_version(self):
        self.assertEqual((200, "Hello from 1.2.3\n"), self.get("/"))
        self.assertEqual((200, "1.2.3"), self.get("/version"))

    def test_is_ready_until_it_drains_and_serves_on(self):
        self.server.drain_seconds = 60
        self.assertEqual((200, "ok\n"), self.get("/healthz"))
        self.server.draining.set()
        self.assertEqual((503, "draining\n"), self.get("/healthz"))
        self.assertEqual(200, self.get("/")[0])

    def test_ends_after_draining(self):
        self.server.drain()
        self.thread.join(timeout=30)
        self.assertFalse(self.thread.is_alive())

    def test_knows_no_other_path(self):
        self.assertEqual(404, self.get("/secrets")[0])


if __name__ == "__main__":
    unittest.main()
