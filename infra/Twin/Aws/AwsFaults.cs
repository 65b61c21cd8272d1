using System.Collections.Concurrent;

namespace HaCluster.Twin.Aws;

/// <summary>Errors on demand: the next calls are answered with them, whatever they ask for.</summary>
public sealed class AwsFaults
{
    private readonly ConcurrentQueue<AwsFault> _next = new();

    public void Add(AwsFault fault, int times = 1)
    {
        for (var at = 0; at < times; at++)
            _next.Enqueue(fault);
    }

    public void Clear() => _next.Clear();

    /// <summary>Null when the call is to be answered.</summary>
    internal AwsFault? Take(string service, string operation)
    {
        // Faults for other calls stay, in their order.
        for (var left = _next.Count; left > 0 && _next.TryDequeue(out var fault); left--)
        {
            if ((fault.Service is null || fault.Service == service) && (fault.Operation is null || fault.Operation == operation))
                return fault;
            _next.Enqueue(fault);
        }

        return null;
    }
}

/// <summary>An error that a call is answered with.</summary>
/// <param name="Code">Such as <c>Throttling</c>, <c>ExpiredToken</c>, <c>InternalFailure</c>, <c>AccessDenied</c>.</param>
/// <param name="Status">Of HTTP.</param>
public sealed record AwsFault(string Code, int Status, string Message = "")
{
    public static readonly AwsFault Throttled = new("Throttling", 400, "Rate exceeded");
    public static readonly AwsFault Unavailable = new("ServiceUnavailable", 503, "The service is unavailable.");
    public static readonly AwsFault Expired = new("ExpiredToken", 403, "The security token included in the request is expired");

    /// <summary>Only calls of this service, by the name that is signed for; null for any.</summary>
    public string? Service { get; init; }

    /// <summary>Only this operation; null for any.</summary>
    public string? Operation { get; init; }
}
