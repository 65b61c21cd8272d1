# Reads a .trx file (the test results of `dotnet test`), prints one line a test: outcome, name, message; separated by tabs, the line
# breaks of the message written as "\n". Used by tests/all.
BEGIN { RS = "<UnitTestResult " }

NR > 1 {
    sub(/<\/UnitTestResult>.*/, "")
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
    gsub(/\n/, "\\n", message)
    print outcome "\t" attribute("testName") "\t" message
}

function attribute(name) {
    return match($0, "(^|[ \n])" name "=\"[^\"]*\"") ? plain(cut(name "=\"", "\"")) : ""
}

function element(name) {
    return index($0, "<" name ">") ? plain(cut("<" name ">", "</" name ">")) : ""
}

# What stands between the first `from` and the next `to`.
function cut(from, to,    rest) {
    rest = substr($0, index($0, from) + length(from))
    return substr(rest, 1, index(rest, to) - 1)
}

function head(text, count,    lines, i, result) {
    count = min(count, split(text, lines, "\n"))
    for (i = 1; i <= count; i++) result = result lines[i] "\n"
    return result
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
