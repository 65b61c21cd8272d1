using HaCluster.Ledger.Archives;

namespace HaCluster.Ledger.Verification;

/// <summary>What <c>ledger verify</c> says of a stream.</summary>
internal static class Report
{
    public static void Write(TextWriter output, StreamReport report)
    {
        if (report.Finding is { } finding)
        {
            output.WriteLine($"{report.Stream}: BROKEN, {NameOf(finding.Breach)}{(finding.Sequence > 0 ? $" at record {finding.Sequence}" : "")}: {finding.Message}");
            output.WriteLine($"  in {finding.Name}; {Count(report.Size, "record")} before it {(report.Size == 1 ? "is" : "are")} in order");
            return;
        }

        var tail = report.Size - report.Signed;
        var expired = report.Expired.Sum(range => range.To - range.From + 1);
        output.WriteLine($"{report.Stream}: intact, {Count(report.Size - expired, "record")}, {Count(report.Checkpoints, "checkpoint")}{(tail > 0
            ? $"; no checkpoint covers the last {(tail == 1 ? "one" : tail)} yet: whoever can write to the archive could have replaced or removed {(tail == 1 ? "it" : "them")}"
            : "")}");
        if (report.Expired is [.., var last])
            output.WriteLine($"  {(last.To < report.Size ? $"begins at record {report.Expired[0].To + 1}: " : "")}{string.Join(", ", report.Expired.Select(range => $"{range.From} to {range.To}"))} expired, and signed checkpoints cover them");
    }

    private static string Count(long number, string noun) => number == 1 ? $"1 {noun}" : $"{number} {noun}s";

    public static string NameOf(Breach breach) => breach switch
    {
        Breach.Edit => "edit",
        Breach.Deletion => "deletion",
        Breach.Reordering => "reordering",
        Breach.Truncation => "truncation",
        Breach.BackDating => "back-dating",
        Breach.Signature => "wrong signature",
        _ => "foreign object",
    };
}
