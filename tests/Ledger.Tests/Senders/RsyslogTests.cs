using System.Text;
using System.Text.Json;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Tests.Serving;

namespace HaCluster.Ledger.Tests.Senders;

/// <summary>Debian's rsyslog, with the settings that README.md names, while the ledger is stopped and started again.</summary>
public sealed class RsyslogTests
{
    private const int Part = 300;

    [SkippableTheory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task What_omelasticsearch_sends_is_there_once_though_the_ledger_is_stopped_in_between(string signal)
    {
        using var scratch = new Scratch();
        var (token, hash) = Producers.NewToken();
        await File.WriteAllTextAsync(scratch.At("producers.json"), $$"""{"producers":[{"name":"shop","tokenSha256":["{{hash}}"],"streams":["payments"]}]}""");
        await using var ledger = new LedgerProgram(scratch, new HttpClient { Timeout = Waiting.Limit }, "http", "--producers", scratch.At("producers.json"));
        await using var rsyslog = new Rsyslog(scratch, "omelasticsearch", $$"""
            template(name="document" type="list" option.jsonf="on") {
                property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
                property(outname="message" name="msg" format="jsonf")
            }
            template(name="id" type="string" string="%uuid%")
            ruleset(name="ship") {
                action(type="omelasticsearch" server="http://127.0.0.1:{{ledger.Port}}" uid="shop" pwd="{{token}}" template="document" searchIndex="payments" searchType=""
                    bulkmode="on" dynbulkid="on" bulkid="id" writeoperation="create" errorFile="{{scratch.At("errors")}}"
                    action.resumeRetryCount="-1" action.resumeInterval="1" queue.type="LinkedList" queue.size="100000" queue.timeoutEnqueue="86400000" queue.filename="ship" queue.saveOnShutdown="on")
            }
            """);
        await TryAsync(ledger, rsyslog, signal);
        Assert.False(File.Exists(scratch.At("errors")), rsyslog.Text);
        var first = (await ledger.RecordsAsync("payments"))[0];
        Assert.Equal(first.GetProperty("data").GetProperty("@timestamp").GetString(), first.GetProperty("time").GetString());
    }

    [SkippableTheory]
    [InlineData("gtls")]
    [InlineData("ossl")]
    public async Task What_is_sent_by_TLS_is_there_once_though_the_ledger_is_stopped_in_between(string driver)
    {
        using var secured = new SecuredService();
        secured.Write();
        secured.Client().WriteTo(secured.Files.Path, "shop");
        var port = Waiting.FreePort();
        await using var ledger = new LedgerProgram(
            secured.Files, SecuredService.Http(), "https", "--producers", secured.Files.At("producers.json"), "--certificate", secured.Files.At("server.pem"),
            "--certificate-key", secured.Files.At("server.key"), "--client-ca", secured.Files.At("ca.pem"), "--syslog", $"127.0.0.1:{port}");
        await using var rsyslog = new Rsyslog(secured.Files, "", $$"""
            global(defaultNetstreamDriverCAFile="{{secured.Files.At("ca.pem")}}" defaultNetstreamDriverCertFile="{{secured.Files.At("shop.pem")}}" defaultNetstreamDriverKeyFile="{{secured.Files.At("shop.key")}}")
            template(name="numbered" type="string" string="<%PRI%>1 %TIMESTAMP:::date-rfc3339% %HOSTNAME% %APP-NAME% %PROCID% %MSGID% [ledger@32473 id=\"%uuid%\"] %msg%")
            ruleset(name="ship") {
                action(type="omfwd" target="127.0.0.1" port="{{port}}" protocol="tcp" TCP_Framing="octet-counted" template="numbered"
                    StreamDriver="{{driver}}" StreamDriverMode="1" StreamDriverAuthMode="x509/name" StreamDriverPermittedPeers="ledger.example"
                    action.resumeRetryCount="-1" action.resumeInterval="1" queue.type="LinkedList" queue.size="100000" queue.timeoutEnqueue="86400000" queue.filename="ship" queue.saveOnShutdown="on")
            }
            """);
        await TryAsync(ledger, rsyslog, "TERM");
        var first = (await ledger.RecordsAsync("payments"))[0];
        Assert.Equal("app", first.GetProperty("data").GetProperty("app").GetString());
        Assert.Equal(first.GetProperty("data").GetProperty("structuredData").GetProperty("ledger@32473").GetProperty("id").GetString(), first.GetProperty("id").GetString());
    }

    private static async Task TryAsync(LedgerProgram ledger, Rsyslog rsyslog, string signal)
    {
        await ledger.StartAsync();
        rsyslog.Start();
        rsyslog.Write(0, Part);
        await Waiting.UntilAsync("the first are stored", async () => await CountAsync() >= Part / 2, () => rsyslog.Text + ledger.Text);
        rsyslog.Write(Part, Part);
        await ledger.StopAsync(signal);
        rsyslog.Write(2 * Part, Part);
        await ledger.StartAsync();
        rsyslog.Write(3 * Part, Part);
        await Waiting.UntilAsync("everything is stored", async () => await CountAsync() >= 4 * Part, () => rsyslog.Text + ledger.Text);
        var messages = (await ledger.RecordsAsync("payments")).Select(Message).Order(StringComparer.Ordinal);
        Assert.Equal(Enumerable.Range(0, 4 * Part).Select(Rsyslog.Line).Order(StringComparer.Ordinal), messages);
        Assert.Contains($"payments: intact, {4 * Part} records", await VerifyAsync(), StringComparison.Ordinal);

        async Task<int> CountAsync() => (await ledger.RecordsAsync("payments")).Count;

        async Task<string> VerifyAsync() => (await Programs.RunAsync("dotnet", [typeof(HaCluster.Ledger.Arguments.CommandLine).Assembly.Location, "verify", rsyslog.Folder.At("data/archive")])).Text;
    }

    private static string Message(JsonElement record) => record.GetProperty("data").GetProperty("message").GetString()!.Trim();

    /// <summary>rsyslog as a process of its own, which reads a file and ships its lines.</summary>
    private sealed class Rsyslog : IAsyncDisposable
    {
        private RunningProgram? _run;

        /// <param name="settings">With a ruleset <c>ship</c>.</param>
        public Rsyslog(Scratch folder, string module, string settings)
        {
            Folder = folder;
            Directory.CreateDirectory(folder.At("rsyslog"));
            File.WriteAllText(folder.At("input.log"), "");
            var load = module.Length > 0 ? $"module(load=\"{module}\")\n" : "";
            File.WriteAllText(folder.At("rsyslog.conf"), $"""
                global(workDirectory="{folder.At("rsyslog")}")
                module(load="imfile" PollingInterval="1")
                {load}{settings}
                input(type="imfile" file="{folder.At("input.log")}" tag="app" ruleset="ship")
                """);
        }

        public Scratch Folder { get; }

        public string Text => _run?.Text ?? "";

        public static string Line(int number) => $"payment \"{number}\" of ü € \\ {{}}";

        public void Start()
        {
            var program = Programs.Find("shipping-rsyslogd");
            Skip.If(program is null, "needs rsyslogd with its modules as shipping-rsyslogd on the PATH (bash tests/all gets it on Debian and Ubuntu)");
            _run = RunningProgram.Start(program, ["-n", "-f", Folder.At("rsyslog.conf"), "-i", Folder.At("rsyslog/pid")], Folder.Path);
        }

        public void Write(int first, int count) => File.AppendAllText(Folder.At("input.log"), string.Concat(Enumerable.Range(first, count).Select(number => Line(number) + "\n")), new UTF8Encoding(false));

        public async ValueTask DisposeAsync()
        {
            if (_run is not null)
                await _run.DisposeAsync();
        }
    }
}
