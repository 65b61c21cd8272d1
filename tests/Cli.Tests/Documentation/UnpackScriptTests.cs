using HaCluster.Cli.Tests.Processes;

namespace HaCluster.Cli.Tests.Documentation;

/// <summary>What <c>tests/unpack</c> makes of packages, with a script in place of apt and dpkg: each package is one that has all programs.</summary>
public sealed class UnpackScriptTests : IDisposable
{
    private static readonly string[] Tools = ["jq", "zsh", "fish", "aws", "patroni", "mariadb", "mariadbd", "initdb", "shipping-rsyslogd", "moto_server"];

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [SkippableTheory]
    [InlineData("cache")]
    [InlineData("my cache; it's $HOME \"mine\"")]
    public void A_program_runs_from_a_folder_of_any_name_with_what_is_beside_it(string name)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a POSIX shell");
        Script("apt-get", """
            case "$*" in *download-only*)
                for option in "$@"; do case $option in Dir::Cache=*) folder=${option#*=} ;; esac; done
                : >"$folder/archives/all.deb" ;;
            esac
            """);
        Script("apt-cache", """
            for package in "$@"; do printf '%s:\n  Candidate: 1\n' "$package"; done
            """);
        Script("dpkg-architecture", "echo x86_64-linux-gnu");
        Script("dpkg", """
            if [ "$1" = --print-architecture ]; then echo amd64; exit; fi
            mkdir -p "$3/usr/bin" "$3/usr/etc" "$3/usr/share/zsh/functions" "$3/usr/lib/python3/dist-packages/moto" "$3/usr/lib/postgresql/17/bin"
            for program in jq zsh-static fish aws patroni patronictl mariadb mariadbd mariadb-install-db rsyslogd python3; do
                cp program "$3/usr/bin/$program"
            done
            for program in initdb postgres psql; do
                cp program "$3/usr/lib/postgresql/17/bin/$program"
            done
            """);
        // Says how it was called.
        Script("../program", "printf '%s|' \"${0##*/}\" \"$@\"\necho\nprintf '%s\\n' \"$LD_LIBRARY_PATH\" \"${PYTHONPATH:-}\" \"${FPATH:-}\"");
        var folder = Directory.CreateDirectory(_scratch.At(name)).FullName;
        Assert.Equal(new Ended(0, "", ""), Run("bash", [Path.Combine(Ha.Checkout, "tests", "unpack"), folder, .. Tools]));

        var root = $"{folder}/root";
        var libraries = $"{root}/usr/lib/x86_64-linux-gnu:{root}/lib/x86_64-linux-gnu:{root}/usr/lib:{root}/usr/lib/x86_64-linux-gnu/blas:{root}/usr/lib/x86_64-linux-gnu/lapack";
        const string Given = "one|two words|";
        string Python(string rest) => $"python3|{rest}{Given}\n{libraries}\n{root}/usr/lib/python3/dist-packages\n\n";
        string Plain(string program, string before = "", string after = "") => $"{program}|{before}{Given}{after}\n{libraries}\n\n\n";
        var tables = $"--basedir={root}/usr|--lc-messages-dir={root}/usr/share/mysql|";
        Dictionary<string, string> expected = new()
        {
            ["jq"] = Plain("jq"),
            ["fish"] = Plain("fish"),
            ["zsh"] = $"zsh-static|{Given}\n{libraries}\n\n{root}/usr/share/zsh/functions\n",
            ["mariadb"] = Plain("mariadb"),
            ["mysql"] = Plain("mariadb"),
            ["mariadbd"] = Plain("mariadbd", after: $"{tables}--plugin-dir={root}/usr/lib/mysql/plugin|"),
            ["mariadb-install-db"] = Plain("mariadb-install-db", after: tables),
            ["initdb"] = Plain("initdb"),
            ["psql"] = Plain("psql"),
            ["postgres"] = Plain("postgres"),
            ["shipping-rsyslogd"] = Plain("rsyslogd", before: $"-M|{root}/usr/lib/x86_64-linux-gnu/rsyslog|"),
            ["aws"] = Python($"{root}/usr/bin/aws|"),
            ["patroni"] = Python($"{root}/usr/bin/patroni|"),
            ["patronictl"] = Python($"{root}/usr/bin/patronictl|"),
            ["moto_server"] = Python("-m|moto.server|"),
        };
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), Directory.GetFiles($"{folder}/bin").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.All(expected, command => Assert.Equal(new Ended(0, command.Value, ""), Run($"{folder}/bin/{command.Key}", ["one", "two words"])));
    }

    private Ended Run(string program, string[] arguments)
    {
        Dictionary<string, string?> environment = new() { ["PATH"] = $"{_scratch.At("bin")}:{Environment.GetEnvironmentVariable("PATH")}", ["LD_LIBRARY_PATH"] = null, ["PYTHONPATH"] = null, ["FPATH"] = null };
        return Programs.RunAsync(program, arguments, _scratch.Path, environment).GetAwaiter().GetResult();
    }

    private void Script(string name, string text)
    {
        var path = _scratch.Write($"bin/{name}", $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }
}
