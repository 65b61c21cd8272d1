namespace HaCluster.Cmdlets.Views;

/// <summary>
/// Words with a colour that means something: red needs a person now, yellow soon, green is well, grey is unknown. PowerShell takes the colours out again
/// where the output is no terminal, and with NO_COLOR or <c>$PSStyle.OutputRendering = 'PlainText'</c>.
/// </summary>
public static class Paint
{
    /// <summary>Where less is left, PowerShell breaks the text where it must.</summary>
    private const int Narrowest = 8;

    /// <summary>The longest name of a cmdlet.</summary>
    private const int RoomForCommand = 28;

    private const string Red = "\e[31m";
    private const string Green = "\e[32m";
    private const string Yellow = "\e[33m";
    private const string Grey = "\e[90m";
    private const string Reset = "\e[0m";

    public static string Health(Health health) => Health(health, health.ToString());

    public static string Health(Health health, string word) => health switch
    {
        HaCluster.Health.Critical => Red + word + Reset,
        HaCluster.Health.Degraded => Yellow + word + Reset,
        HaCluster.Health.Unknown => Grey + word + Reset,
        _ => Green + word + Reset,
    };

    public static string Severity(string severity) => severity switch
    {
        "critical" => Red + severity + Reset,
        "warning" => Yellow + severity + Reset,
        _ => severity,
    };

    public static string State(OperationState state) => state switch
    {
        OperationState.Succeeded => Green + state + Reset,
        OperationState.Running => state.ToString(),
        OperationState.Failed => Red + state + Reset,
        _ => Yellow + state + Reset,
    };

    /// <summary>Of checks, proofs, quotas and sites.</summary>
    public static string Status(string status) => status switch
    {
        "Passed" or "holds" or "fits" or "Answers" => Green + status + Reset,
        "Failed" or "violated" or "short" => Red + status + Reset,
        "Incomplete" or "incomplete" or "tight" => Yellow + status + Reset,
        "Skipped" or "unknown" => Grey + status + Reset,
        _ => status,
    };

    public static string Percent(decimal percent)
    {
        var text = $"{Math.Round(percent):0}%";
        return percent >= 95 ? Red + text + Reset : percent >= 80 ? Yellow + text + Reset : text;
    }

    public static string Shift(ZoneShift? shift) => shift is { IsActive: true } ? Yellow + "shifted away" + Reset : "";

    public static string Since(DateTimeOffset start) => start == default ? "" : Texts.Duration(DateTimeOffset.UtcNow - start);

    /// <summary>A name that fits: the head of it, as names of nodes differ there.</summary>
    public static string Short(string name, int width) => name.Length <= width ? name : name[..(width - 1)] + "…";

    /// <summary><c>a1 b1 c1</c>: ready replicas by the last letter of the zone.</summary>
    public static string Zones(IReadOnlyDictionary<string, int> byZone) =>
        string.Join(' ', byZone.OrderBy(zone => zone.Key, StringComparer.Ordinal).Select(zone => $"{Letter(zone.Key)}{zone.Value}"));

    public static string ZoneLetters(IEnumerable<string> zones) => string.Join(' ', zones.Order(StringComparer.Ordinal).Select(Letter));

    /// <summary>The databases whose writer is in a zone; null when they could not be read.</summary>
    public static string Writers(IReadOnlyList<string>? databases) => databases switch
    {
        null => Grey + "writers unknown" + Reset,
        { Count: 0 } => "",
        _ => $"writer of {string.Join(", ", databases)}",
    };

    /// <summary>The last column of a table, which takes the rest of a line: those parts that say something, broken between words.</summary>
    /// <param name="terminal">Columns of the terminal; 0 where there is none.</param>
    /// <param name="before">Columns of the line that are taken.</param>
    public static string Rest(int terminal, int before, params string?[] parts)
    {
        var text = string.Join("; ", parts.Where(part => !string.IsNullOrWhiteSpace(part)));
        return terminal - before <= Narrowest ? text : string.Join('\n', Lines.Wrap(text, terminal - before - 1, indent: 0));
    }

    /// <summary>What an operation is about. A narrow terminal has no room for the name of the cmdlet, which is in the id as well.</summary>
    public static string Operation(int terminal, int before, OperationRecord operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var command = terminal - before is > 0 and < RoomForCommand ? "" : $"{operation.Command} ";
        return Rest(terminal, before, $"{command}{operation.Target} by {operation.By}");
    }

    private static string Letter(string zone) => zone.Length > 0 && char.IsAsciiLetter(zone[^1]) ? zone[^1..] : zone;
}
