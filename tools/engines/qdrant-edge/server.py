"""A face of Qdrant's REST API over Qdrant Edge, for tests only.

Filters, scores, statistics of terms and fusion are judged by the engine of the server itself, in this process; addresses, aliases and
answers are what this file makes of them. It knows the calls of platform/src/vectors/qdrant and refuses every other with 501, and every
field that it would have to leave out of account with 400.

    python server.py PORT FOLDER
"""

import email
import io
import json
import os
import re
import shutil
import sys
import tarfile
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import qdrant_edge as edge

VERSION = "1.19.0"


class Refused(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def take(body, known):
    """The fields of a body; one that is not known would silently mean nothing."""
    unknown = set(body) - set(known)
    if unknown:
        raise Refused(400, f"this face does not know {sorted(unknown)}")
    return [body.get(name) for name in known]


def to_filter(body):
    if body is None:
        return None
    must, must_not = take(body, ["must", "must_not"])
    return edge.Filter(must=to_conditions(must), must_not=to_conditions(must_not))


def to_conditions(conditions):
    return None if conditions is None else [to_condition(condition) for condition in conditions]


def to_condition(body):
    if "has_vector" in body:
        return edge.HasVectorCondition(body["has_vector"])
    if "has_id" in body:
        return edge.HasIdCondition({uuid.UUID(id) for id in body["has_id"]})
    key, match, span = take(body, ["key", "match", "range"])
    if match is not None:
        value, options = take(match, ["value", "any"])
        return edge.FieldCondition(key, match=edge.MatchAny(options) if options is not None else edge.MatchValue(value))
    gte, lt = take(span, ["gte", "lt"])
    return edge.FieldCondition(key, range=edge.RangeFloat(gte=gte, lt=lt))


def to_vector(body):
    return edge.SparseVector(body["indices"], body["values"]) if isinstance(body, dict) else body


def to_query(body, using):
    if isinstance(body, dict) and "rrf" in body:
        return edge.Fusion.Rrf(k=body["rrf"]["k"])
    return edge.Query.Nearest(to_vector(body), using=using)


def to_params(body):
    if body is None:
        return None
    (idf,) = take(body, ["idf"])
    return edge.SearchParams(idf=edge.IdfParams(corpus=to_filter(idf["corpus"])))


def to_prefetch(body):
    query, using, params, condition, limit = take(body, ["query", "using", "params", "filter", "limit"])
    return edge.Prefetch(limit=limit, query=to_query(query, using), params=to_params(params), filter=to_filter(condition))


def to_schema(body):
    kind = body["type"]
    if kind == "keyword":
        return edge.KeywordIndexParams(is_tenant=body.get("is_tenant"))
    if kind == "integer":
        return edge.IntegerIndexParams(lookup=body["lookup"], range=body["range"])
    raise Refused(400, f"this face has no index of type {kind}")


class Collection:
    def __init__(self, path, body):
        self.path = path
        self.sparse = body["sparse_vectors"]
        self.dense = {}
        self.snapshots = {}
        sparse = {
            name: edge.EdgeSparseVectorParams(modifier=edge.Modifier.Idf if params.get("modifier") == "idf" else None)
            for name, params in self.sparse.items()
        }
        self.shard = edge.EdgeShard.create(path, edge.EdgeConfig(sparse_vectors=sparse))

    def describe(self):
        vectors = {name: {"size": size, "distance": "Cosine"} for name, size in self.dense.items()}
        params = {"vectors": vectors, "sparse_vectors": self.sparse}
        return {"status": "green", "points_count": self.shard.info().points_count, "config": {"params": params}}

    def create_vector(self, name, body):
        if name in self.dense:
            raise Refused(409, f"vector {name} already exists")
        size = body["dense"]["size"]
        self.dense[name] = size
        return self.update(edge.UpdateOperation.create_dense_vector(name, size, edge.Distance.Cosine))

    def create_index(self, body):
        return self.update(edge.UpdateOperation.create_field_index(body["field_name"], to_schema(body["field_schema"])))

    def upsert(self, body):
        points = [
            edge.Point(
                uuid.UUID(point["id"]),
                {name: to_vector(vector) for name, vector in point["vector"].items()},
                point["payload"],
            )
            for point in body["points"]
        ]
        return self.update(edge.UpdateOperation.upsert_points(points))

    def delete(self, body):
        return self.update(edge.UpdateOperation.delete_points_by_filter(to_filter(body["filter"])))

    def update(self, operation):
        self.shard.update(operation)
        return {"operation_id": 0, "status": "completed"}

    def count(self, body):
        return {"count": self.shard.count(edge.CountRequest(exact=body["exact"], filter=to_filter(body["filter"])))}

    def query(self, body):
        query, using, prefetch, params, condition, limit, with_payload = take(
            body, ["query", "using", "prefetch", "params", "filter", "limit", "with_payload"]
        )
        request = edge.QueryRequest(
            limit=limit,
            query=to_query(query, using),
            prefetches=[to_prefetch(part) for part in prefetch or []],
            params=to_params(params),
            filter=to_filter(condition),
            with_payload=with_payload,
        )
        found = self.shard.query(request)
        return {"points": [{**to_record(point), "version": point.version, "score": point.score} for point in found]}

    def scroll(self, body):
        condition, order_by, limit, offset, with_payload, with_vector = take(
            body, ["filter", "order_by", "limit", "offset", "with_payload", "with_vector"]
        )
        request = edge.ScrollRequest(
            limit=limit,
            filter=to_filter(condition),
            order_by=None if order_by is None else edge.OrderBy(order_by),
            offset=None if offset is None else uuid.UUID(offset),
            with_payload=with_payload,
            with_vector=with_vector,
        )
        points, following = self.shard.scroll(request)
        records = [{**to_record(point), "vector": to_vectors(point.vector)} for point in points]
        return {"points": records, "next_page_offset": None if following is None else str(following)}

    def save(self):
        self.shard.flush()
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz", compresslevel=1) as archive:
            archive.add(self.path, arcname="shard")
        name = f"{uuid.uuid4().hex}.snapshot"
        self.snapshots[name] = json.dumps({"sparse": self.sparse, "dense": self.dense}).encode() + b"\n" + packed.getvalue()
        return {"name": name, "size": len(self.snapshots[name])}

    @classmethod
    def load(cls, path, snapshot):
        known, packed = snapshot.split(b"\n", 1)
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(path)
        collection = cls.__new__(cls)
        collection.path = path
        collection.sparse, collection.dense = take(json.loads(known), ["sparse", "dense"])
        collection.snapshots = {}
        collection.shard = edge.EdgeShard.load(os.path.join(path, "shard"))
        return collection

    def destroy(self):
        self.shard.close()
        shutil.rmtree(self.path)


def to_record(point):
    return {"id": str(point.id), "payload": point.payload}


def to_vectors(vectors):
    if vectors is None:
        return None
    return {
        name: {"indices": vector.indices, "values": vector.values} if isinstance(vector, edge.SparseVector) else vector
        for name, vector in vectors.items()
    }


class Store:
    """Collections and their aliases. One call at a time."""

    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.Lock()
        self.collections = {}
        self.aliases = {}

    def find(self, name):
        collection = self.collections.get(self.aliases.get(name, name))
        if collection is None:
            raise Refused(404, f"Not found: Collection `{name}` doesn't exist!")
        return collection

    def create(self, name, body):
        if name in self.collections:
            raise Refused(409, f"Wrong input: Collection `{name}` already exists!")
        self.collections[name] = Collection(os.path.join(self.folder, uuid.uuid4().hex), body)
        return True

    def upload(self, name, form):
        if name in self.collections:
            raise Refused(400, f"this face does not write over the collection {name}")
        self.collections[name] = Collection.load(os.path.join(self.folder, uuid.uuid4().hex), form)
        return True

    def drop(self, name):
        collection = self.collections.pop(name, None)
        if collection:
            collection.destroy()
        self.aliases = {alias: target for alias, target in self.aliases.items() if target != name}
        return collection is not None

    def change_aliases(self, body):
        for action in body["actions"]:
            if "create_alias" in action:
                self.find(action["create_alias"]["collection_name"])
                self.aliases[action["create_alias"]["alias_name"]] = action["create_alias"]["collection_name"]
            else:
                self.aliases.pop(action["delete_alias"]["alias_name"], None)
        return True

    def list_aliases(self):
        return {"aliases": [{"alias_name": alias, "collection_name": name} for alias, name in self.aliases.items()]}

    def list_collections(self):
        return {"collections": [{"name": name} for name in self.collections]}


ROUTES = [
    ("GET", r"/aliases", lambda store, body: store.list_aliases()),
    ("GET", r"/collections", lambda store, body: store.list_collections()),
    ("POST", r"/collections/aliases", lambda store, body: store.change_aliases(body)),
    ("GET", r"/collections/([^/]+)", lambda store, body, name: store.find(name).describe()),
    ("PUT", r"/collections/([^/]+)", lambda store, body, name: store.create(name, body)),
    ("DELETE", r"/collections/([^/]+)", lambda store, body, name: store.drop(name)),
    ("PUT", r"/collections/([^/]+)/index", lambda store, body, name: store.find(name).create_index(body)),
    ("PUT", r"/collections/([^/]+)/vectors/([^/]+)", lambda store, body, name, vector: store.find(name).create_vector(vector, body)),
    ("PUT", r"/collections/([^/]+)/points", lambda store, body, name: store.find(name).upsert(body)),
    ("POST", r"/collections/([^/]+)/points/delete", lambda store, body, name: store.find(name).delete(body)),
    ("POST", r"/collections/([^/]+)/points/count", lambda store, body, name: store.find(name).count(body)),
    ("POST", r"/collections/([^/]+)/points/query", lambda store, body, name: store.find(name).query(body)),
    ("POST", r"/collections/([^/]+)/snapshots", lambda store, body, name: store.find(name).save()),
    ("GET", r"/collections/([^/]+)/snapshots/([^/]+)", lambda store, body, name, snapshot: store.find(name).snapshots[snapshot]),
    ("DELETE", r"/collections/([^/]+)/snapshots/([^/]+)", lambda store, body, name, snapshot: bool(store.find(name).snapshots.pop(snapshot))),
    ("POST", r"/collections/([^/]+)/snapshots/upload", lambda store, body, name: store.upload(name, body)),
    ("POST", r"/collections/([^/]+)/points/scroll", lambda store, body, name: store.find(name).scroll(body)),
]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    store = None

    def answer(self):
        size = int(self.headers.get("content-length") or 0)
        body = self.read_body(size)
        path = self.path.split("?")[0]
        if path == "/":
            return self.reply(200, {"title": "Qdrant Edge behind a face for tests", "version": VERSION})
        try:
            result = self.run(path, body)
            self.reply(200, result if isinstance(result, bytes) else {"result": result, "status": "ok", "time": 0})
        except Refused as refused:
            self.reply(refused.status, {"status": {"error": str(refused)}, "time": 0})
        except Exception as error:
            self.reply(400, {"status": {"error": f"{type(error).__name__}: {error}"}, "time": 0})

    do_GET = do_PUT = do_POST = do_DELETE = answer

    def read_body(self, size):
        kind = self.headers.get("content-type") or ""
        if "chunked" in (self.headers.get("transfer-encoding") or ""):
            raw = b"".join(iter(self.read_chunk, b""))
        else:
            raw = self.rfile.read(size)
        if not kind.startswith("multipart/"):
            return json.loads(raw) if raw else {}
        message = email.message_from_bytes(f"content-type: {kind}\r\n\r\n".encode() + raw)
        return message.get_payload()[0].get_payload(decode=True)

    def read_chunk(self):
        chunk = self.rfile.read(int(self.rfile.readline(), 16))
        self.rfile.readline()
        return chunk

    def run(self, path, body):
        for method, pattern, act in ROUTES:
            found = re.fullmatch(pattern, path)
            if found and method == self.command:
                with self.store.lock:
                    return act(self.store, body, *found.groups())
        raise Refused(501, f"this face does not know {self.command} {path}")

    def reply(self, status, body):
        text = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    port, folder = int(sys.argv[1]), sys.argv[2]
    Handler.store = Store(folder)
    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()
