using System.Collections.Concurrent;
using HaCluster.Wire;
using Pulumi;

namespace HaCluster.Sdk.Tests.Fakes;

/// <summary>An engine that keeps the messages.</summary>
internal sealed class FakeEngine : IEngine
{
    private readonly ConcurrentQueue<LogRequest> _messages = new();

    public Func<LogRequest, Task>? OnLog { get; init; }

    public Func<string, Task>? OnRequireVersion { get; init; }

    public IReadOnlyList<LogRequest> Messages => [.. _messages];

    public IReadOnlyList<string> Errors => [.. Messages.Where(m => m.Severity == LogSeverity.Error).Select(m => m.Message)];

    public async Task LogAsync(LogRequest request)
    {
        if (OnLog is not null)
            await OnLog(request);
        _messages.Enqueue(request);
    }

    public Task RequirePulumiVersionAsync(string versionRange) => OnRequireVersion?.Invoke(versionRange) ?? Task.CompletedTask;
}
