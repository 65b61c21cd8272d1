using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using HaCluster.Operations.Aws;

namespace HaCluster.Operations.Pulumi;

/// <summary>
/// Reads the file of <c>--event-log</c> while Pulumi writes it: one JSON object per line, an <c>EngineEvent</c> of
/// https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/events.go
/// </summary>
/// <param name="listening">Once it is cancelled nobody is told of progress any more.</param>
internal sealed partial class EventLog(string path, IProgress<PulumiProgress>? progress, CancellationToken listening)
{
    /// <summary>What the engine says last of every update that did not succeed; the reason came before.</summary>
    private static readonly string[] Closings = ["update failed", Cancelled, "preview failed"];

    /// <summary>Older versions say only this, and "failed" in the summary.</summary>
    private const string Cancelled = "update canceled";

    private readonly Dictionary<string, PulumiStep> _steps = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];
    private readonly HashSet<string> _unfinished = new(StringComparer.Ordinal);
    private readonly HashSet<string> _downloads = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];
    private readonly List<string> _errors = [];
    private byte[] _rest = [];
    private ImmutableSortedDictionary<string, int> _changes = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);
    private TimeSpan _duration;
    private bool _isCancelled;
    private bool _isStateUncertain;
    private long _position;
    private int _done;

    public string Path => path;

    /// <summary>Pulumi says that it has got an interrupt (https://github.com/pulumi/pulumi/blob/master/pkg/backend/cancellation_scope.go).</summary>
    public bool HasHeardInterrupt { get; private set; }

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
        stack, command, _changes, [.. _order.Select(urn => _steps[urn]).Where(step => step.Operation is not "same" || step.IsFailed)], [.. _warnings],
        [.. _errors.Where(error => !Closings.Contains(error) || _errors.TrueForAll(Closings.Contains))], _duration)
    {
        IsCancelled = _isCancelled,
        IsStateUncertain = _isStateUncertain,
        Unfinished = [.. _order.Where(_unfinished.Contains).Select(urn => _steps[urn])],
    };

    private async Task ReadAsync()
    {
        if (!File.Exists(path))
            return;
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Position = _position;
        using var read = new MemoryStream();
        read.Write(_rest);
        await file.CopyToAsync(read, CancellationToken.None);
        _position = file.Position;
        // As bytes: the end may be in the middle of a line, and of a character.
        var bytes = read.ToArray();
        var start = 0;
        for (int length; (length = bytes.AsSpan(start).IndexOf((byte)'\n')) >= 0; start += length + 1)
            Take(bytes.AsMemory(start, length));
        _rest = bytes[start..];
    }

    private void Take(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var json = document.RootElement;
            if (Find("resourcePreEvent") is { } begun)
                Step(begun.Object("metadata"), isDone: false, isFailed: false);
            else if (Find("resOutputsEvent") is { } done)
                Step(done.Object("metadata"), isDone: true, isFailed: false);
            else if (Find("resOpFailedEvent") is { } failed)
                Step(failed.Object("metadata"), isDone: true, isFailed: true);
            else if (Find("diagnosticEvent") is { } diagnostic)
                Diagnose(diagnostic);
            else if (Find("policyEvent") is { } violation)
                Violate(violation);
            else if (Find("errorEvent") is { } internalError)
                Say("error", "", internalError.Str("error"));
            else if (Find("stdoutEvent") is { } text)
                Say("info", "", text.Str("message"));
            else if (Find("progressEvent") is { } transfer)
                Transfer(transfer);
            else if (Find("summaryEvent") is { } summary)
                Summarize(summary);

            JsonElement? Find(string name) => json.Object(name) is { ValueKind: JsonValueKind.Object } found ? found : null;
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
        var (type, name) = (metadata.Str("type"), NameOf(urn));
        if (!_steps.TryGetValue(urn, out var known))
            _order.Add(urn);
        // A replacement shows as several steps: what it is stays.
        var kept = known is { Operation: "replace" } || operation is "replace" or "create-replacement" or "read-replacement" or "import-replacement" ? "replace" : operation;
        _steps[urn] = new PulumiStep(kept, urn, type, name, metadata.Strings("diffs") is { Length: > 0 } diffs ? diffs : known?.ChangedProperties ?? [], isFailed || known?.IsFailed == true);
        if (isDone)
        {
            _unfinished.Remove(urn);
            _done++;
        }
        else if (metadata.Object("new").Bool("custom") || metadata.Object("old").Bool("custom"))
        {
            // A component is only a name in the state: nothing of it can be half done.
            _unfinished.Add(urn);
        }
        Report(new PulumiProgress(_done, null, operation, urn, type, name, isDone, isFailed, "", ""));
    }

    private void Diagnose(JsonElement diagnostic)
    {
        // An ephemeral one is replaced by the next in a display, such as "waiting".
        if (!diagnostic.Bool("ephemeral") && diagnostic.Str("severity") is not "debug" and var severity)
            Say(severity is "info#err" ? "info" : severity, diagnostic.Str("urn"), diagnostic.Str("message"));
    }

    /// <summary>A mandatory policy stops the update, an advisory one does not.</summary>
    private void Violate(JsonElement violation) => Say(
        violation.Str("enforcementLevel") is "mandatory" ? "error" : "warning",
        violation.Str("resourceUrn"),
        $"policy {violation.Str("policyName")} of {violation.Str("policyPackName")} ({violation.Str("enforcementLevel")}): {violation.Str("message")}");

    /// <summary>The download or installation of a plug-in: told when it begins and when it ends.</summary>
    private void Transfer(JsonElement transfer)
    {
        var isDone = transfer.Bool("done");
        if (_downloads.Add(transfer.Str("id")) || isDone)
            Say("info", "", isDone ? $"{transfer.Str("message")}: done" : transfer.Str("message"));
    }

    private void Say(string severity, string urn, string raw)
    {
        var message = PulumiErrors.WithoutSecrets(ColourTag().Replace(raw, "").Trim());
        if (message.Length == 0)
            return;
        HasHeardInterrupt |= message.Contains("received; cancelling", StringComparison.Ordinal);
        var text = urn.Length > 0 ? $"{NameOf(urn)}: {message}" : message;
        if (severity == "error")
            _errors.Add(text);
        else if (severity == "warning")
            _warnings.Add(text);
        Report(new PulumiProgress(_done, null, "", urn, "", NameOf(urn), false, severity == "error", severity, message));
    }

    private void Report(PulumiProgress step)
    {
        if (!listening.IsCancellationRequested)
            progress?.Report(step);
    }

    private void Summarize(JsonElement summary)
    {
        _duration = TimeSpan.FromSeconds(summary.Int("durationSeconds"));
        _isCancelled = summary.Str("result") is "canceled" || _errors.Contains(Cancelled);
        _isStateUncertain = summary.Bool("maybeCorrupt");
        if (summary.Object("resourceChanges") is { ValueKind: JsonValueKind.Object } changes)
            _changes = changes.EnumerateObject().ToImmutableSortedDictionary(entry => entry.Name, entry => changes.Int(entry.Name), StringComparer.Ordinal);
    }

    private static string NameOf(string urn) => urn.Split("::")[^1];

    /// <summary>Of sdk/go/common/diag/colors; <c>--color never</c> removes them from diagnostics only.</summary>
    [GeneratedRegex(@"<\{%.*?%\}>")]
    private static partial Regex ColourTag();
}
