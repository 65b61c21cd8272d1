using System.Text.Json;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Tests.Writing;

namespace HaCluster.Ledger.Tests.Format;

/// <summary>Other software, written by FORMAT.md alone, agrees.</summary>
public sealed class OtherSoftwareTests
{
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "Format", "verify.py");

    [SkippableFact]
    public async Task A_script_in_Python_verifies_the_archive_and_finds_an_edit()
    {
        var python = Programs.Find("python3");
        Skip.If(python is null, "needs python3");
        Skip.If(Programs.Find("openssl") is null, "needs openssl");
        using var ledgers = new Ledgers();
        ledgers.Options = ledgers.Options with { CheckpointRecords = 7 };
        await using (var logs = await ledgers.OpenAsync())
        {
            var random = new Random(8785);
            for (var number = 1; number <= 40; number++)
            {
                var value = BitConverter.Int64BitsToDouble(random.NextInt64());
                var data = JsonSerializer.Serialize(new Dictionary<string, object>
                {
                    ["amount"] = "12.00",
                    ["ﬃ"] = number,
                    ["😀"] = new object[] { 0.1, 1e21, 1e-7, -0.0, 123456789.5, true, double.IsFinite(value) ? value : 1.5e300, random.Next() / 1000.0 },
                    ["text"] = "€\u000f\n\"\\/\u007f\u2028 é",
                });
                await StreamLogTests.StoreAsync(logs, [Ledgers.Record($"id \"{number}\"", data, number)]);
            }
        }

        var verified = await Programs.RunAsync(python!, [Script, ledgers.Folder]);
        Assert.True(verified.ExitCode == 0, verified.Text);
        Assert.Equal("payments: 40 records, 6 checkpoints\n", verified.Output);

        var file = Path.Combine(ledgers.Folder, ArchiveNames.Segment(Ledgers.Stream, 9));
        var text = await File.ReadAllTextAsync(file);
        File.Delete(file);
        await File.WriteAllTextAsync(file, text.Replace("12.00", "13.00", StringComparison.Ordinal));
        Assert.NotEqual(0, (await Programs.RunAsync(python!, [Script, ledgers.Folder])).ExitCode);
    }
}
