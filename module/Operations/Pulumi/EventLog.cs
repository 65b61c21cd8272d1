using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using HaCluster.Operations.Aws;

namespace HaCluster.Operations.Pulumi;

/// <summary>
/// Reads the file of <c>--event-log</c> while Pulumi writes it: one JSON object per line, as in
/// https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go
/// </summary>
internal sealed class EventLog(string path, IProgress<PulumiProgress>? progress)
{
    private readonly Dictionary<string, PulumiStep> _steps = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly List<string> _warnings = [];
    private readonly List<string> _errors = [];
    private readonly StringBuilder _rest = new();
    private ImmutableSortedDictionary<string, int> _changes = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);
    private TimeSpan _duration;
    private long _position;
    private int _done;

    /// <summary>Until the token is cancelled, and then to the end of the file.</summary>
    public async Task FollowAsync(TimeSpan interval, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await ReadAsync();
            await Task.Delay(interval, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await ReadAsync();
    }

    public PulumiResult Result(string stack, string command) => new(
        stack, command, _changes, [.. _order.Select(urn => _steps[urn]).Where(step => step.Operation is not "same" || step.IsFailed)], [.. _warnings], [.. _errors], _duration);

    private async Task ReadAsync()
    {
        if (!File.Exists(path))
            return;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = _position;
        using var reader = new StreamReader(file, Encoding.UTF8);
        _rest.Append(await reader.ReadToEndAsync(CancellationToken.None));
        _position = file.Position;
        var text = _rest.ToString();
        var whole = text.LastIndexOf('\n') + 1;
        _rest.Clear().Append(text, whole, text.Length - whole);
        foreach (var line in text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries))
            Take(line);
    }

    private void Take(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            if (json.Object("resourcePreEvent") is { ValueKind: JsonValueKind.Object } begun)
                Step(begun.Object("metadata"), isDone: false, isFailed: false);
            else if (json.Object("resOutputsEvent") is { ValueKind: JsonValueKind.Object } done)
                Step(done.Object("metadata"), isDone: true, isFailed: false);
            else if (json.Object("resOpFailedEvent") is { ValueKind: JsonValueKind.Object } failed)
                Step(failed.Object("metadata"), isDone: true, isFailed: true);
            else if (json.Object("diagnosticEvent") is { ValueKind: JsonValueKind.Object } diagnostic)
                Diagnose(diagnostic);
            else if (json.Object("summaryEvent") is { ValueKind: JsonValueKind.Object } summary)
                Summarize(summary);
        }
        catch (JsonException)
        {
            // A line that is no event says nothing; the exit code decides.
        }
    }

    private void Step(JsonElement metadata, bool isDone, bool isFailed)
    {
        var urn = metadata.Str("urn");
        if (urn.Length == 0)
            return;
        var operation = metadata.Str("op");
        var (type, name) = (metadata.Str("type"), urn.Split("::")[^1]);
        if (!_steps.TryGetValue(urn, out var known))
            _order.Add(urn);
        // A replacement shows as several steps: what it is stays.
        var kept = known is { Operation: "replace" } ? known.Operation : operation.EndsWith("replace", StringComparison.Ordinal) || operation.EndsWith("replacement", StringComparison.Ordinal) ? "replace" : operation;
        _steps[urn] = new PulumiStep(kept, urn, type, name, metadata.Strings("diffs") is { Length: > 0 } diffs ? diffs : known?.ChangedProperties ?? [], isFailed || known?.IsFailed == true);
        if (isDone)
            _done++;
        progress?.Report(new PulumiProgress(_done, null, operation, urn, type, name, isDone, isFailed, "", ""));
    }

    private void Diagnose(JsonElement diagnostic)
    {
        var severity = diagnostic.Str("severity") is "info#err" ? "info" : diagnostic.Str("severity");
        var message = PulumiErrors.WithoutSecrets(diagnostic.Str("message").Trim());
        if (message.Length == 0)
            return;
        var urn = diagnostic.Str("urn");
        var text = urn.Length > 0 ? $"{urn.Split("::")[^1]}: {message}" : message;
        if (severity == "error")
            _errors.Add(text);
        else if (severity == "warning")
            _warnings.Add(text);
        progress?.Report(new PulumiProgress(_done, null, "", urn, "", urn.Split("::")[^1], false, severity == "error", severity, message));
    }

    private void Summarize(JsonElement summary)
    {
        _duration = TimeSpan.FromSeconds(summary.Int("durationSeconds"));
        if (summary.Object("resourceChanges") is { ValueKind: JsonValueKind.Object } changes)
            _changes = changes.EnumerateObject().ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Value.GetInt32(), StringComparer.Ordinal);
    }
}
