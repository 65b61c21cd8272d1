# Says where the usings of a C# file are not in order: those of System first, each by its name. `dotnet format` checks this too, and takes a minute to
# load the solution first. Used by tests/all.

FNR == 1 { over = 0; last = "" }

over { next }

/^using [A-Za-z0-9_.]+;/ {
    name = $2
    sub(/;.*/, "", name)
    key = (name ~ /^System(\.|$)/ ? "0" : "1") tolower(name)
    if (last != "" && key < last) {
        print FILENAME ":" FNR ": error: using " name " comes after one that belongs behind it"
        wrong = 1
    }
    last = key
    next
}

# What else may stand before the types: comments, aliases, blank lines.
!/^(\/\/|using |global |#|[ \t\r]*$)/ { over = 1 }

END { exit wrong }
