"""Verifies an archive of the ledger by infra/Services/Ledger/FORMAT.md alone: verify.py FOLDER. Needs Python 3.8 and openssl."""
import base64, hashlib, json, os, subprocess, sys, tempfile


def number(value):
    if float(value) == 0:
        return "0"
    sign, text = ("-", repr(float(value))[1:]) if value < 0 else ("", repr(float(value)))
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(digits) - len(fraction) + int(exponent or 0)
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    shown = digits[0] + ("." + digits[1:] if count > 1 else "")
    return f"{sign}{shown}e{'+' if point > 0 else '-'}{abs(point - 1)}"


def canonical(value):
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value)
    return json.dumps(value, ensure_ascii=False)


def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def root(leaves, first, last, full):
    """Of leaves[first:last]; full has the roots of subtrees that do not grow any more, so that each is taken once."""
    if last - first == 1:
        return leaves[first]
    if (first, last) in full:
        return full[first, last]
    split = first + (1 << (last - first - 1).bit_length() - 1)
    found = H(b"\1", root(leaves, first, split, full), root(leaves, split, last, full))
    if (last - first) & (last - first - 1) == 0:
        full[first, last] = found
    return found


def signed(folder, checkpoint, signature):
    with tempfile.NamedTemporaryFile() as file:
        file.write(base64.b64decode(signature))
        file.flush()
        key = os.path.join(folder, "keys", checkpoint["key"] + ".pem")
        run = subprocess.run(["openssl", "dgst", "-sha256", "-verify", key, "-signature", file.name], input=canonical(checkpoint).encode(), capture_output=True)
        return run.returncode == 0


def verify(folder, stream):
    segments = os.path.join(folder, "segments", stream)
    leaves, head, at = [], "0" * 64, ""
    for name in sorted(os.listdir(segments)):
        content = open(os.path.join(segments, name), "rb").read()
        first, *lines, last, end = content.split(b"\n")
        header, footer = json.loads(first), json.loads(last)
        assert end == b"" and name == f"{len(leaves) + 1:020}.ndjson" and header["first"] == len(leaves) + 1, name
        assert header["previous"] == head and footer["count"] == len(lines) and header["stream"] == stream, name
        assert footer["sha256"] == H(content[: content.rindex(b"\n", 0, -1) + 1]).hex(), name
        for line in lines:
            entry = json.loads(line)
            assert canonical(entry).encode() == line, f"{name}: not canonical: {line}"
            assert entry["sequence"] == len(leaves) + 1 and entry["previous"] == head and entry["at"] >= at and entry["stream"] == stream, line
            leaves.append(H(b"\0", line))
            head, at = leaves[-1].hex(), entry["at"]
        assert footer["head"] == head, name
    place = os.path.join(folder, "checkpoints", stream)
    full, checkpoints = {}, sorted(os.listdir(place)) if os.path.isdir(place) else []
    for name in checkpoints:
        document = json.load(open(os.path.join(place, name)))
        checkpoint = document["checkpoint"]
        size = checkpoint["size"]
        assert name == f"{size:020}.json" and checkpoint["root"] == root(leaves, 0, size, full).hex() and checkpoint["head"] == leaves[size - 1].hex(), name
        assert signed(folder, checkpoint, document["signature"]), f"{name}: signature"
    print(f"{stream}: {len(leaves)} records, {len(checkpoints)} checkpoints")


for found in sorted(os.listdir(os.path.join(sys.argv[1], "segments"))):
    verify(sys.argv[1], found)
