# Reads a .trx file (the test results of `dotnet test`), prints one line a test: outcome, name, message; separated by tabs, the line
# breaks of the message written as "\n" and its backslashes as "\\". Used by tests/all; runs in every awk.

/<UnitTestResult / { inside = 1; count = 0 }

# Joined at the end of each result: appending to one long text is slow.
inside { lines[++count] = $0 }

inside && (/<\/UnitTestResult>/ || (count == 1 && /\/>[ \r]*$/)) {
    inside = 0
    result = ""
    for (i = 1; i <= count; i++) result = result lines[i] "\n"
    print_result()
}

function print_result(    outcome, message) {
    outcome = attribute("outcome")
    message = ""
    if (outcome != "Passed") {
        message = element("Message")
        if (message == "") message = element("StdOut")
        # The first frames say where; the rest is the test framework.
        if (outcome == "Failed") message = message "\n" head(element("StackTrace"), 3)
    }
    gsub(/\r/, "", message)
    gsub(/\t/, " ", message)
    # By "&", what was found: awks differ on how many backslashes stand for one.
    gsub(/\\/, "&&", message)
    gsub(/\n/, "\\n", message)
    print outcome "\t" attribute("testName") "\t" message
}

function attribute(name) {
    return match(result, " " name "=\"[^\"]*\"") ? plain(cut(" " name "=\"", "\"")) : ""
}

function element(name) {
    return index(result, "<" name ">") ? plain(cut("<" name ">", "</" name ">")) : ""
}

# What stands between the first `from` and the next `to`.
function cut(from, to,    rest) {
    rest = substr(result, index(result, from) + length(from))
    return substr(rest, 1, index(rest, to) - 1)
}

function head(text, wanted,    parts, i, first) {
    wanted = min(wanted, split(text, parts, "\n"))
    first = ""
    for (i = 1; i <= wanted; i++) first = first parts[i] "\n"
    return first
}

function min(a, b) { return a < b ? a : b }

function plain(text) {
    gsub(/&#xD;/, "", text)
    gsub(/&#xA;/, "\n", text)
    gsub(/&lt;/, "<", text)
    gsub(/&gt;/, ">", text)
    gsub(/&quot;/, "\"", text)
    gsub(/&apos;|&#39;/, "'", text)
    gsub(/&amp;/, "\\&", text)
    return text
}
