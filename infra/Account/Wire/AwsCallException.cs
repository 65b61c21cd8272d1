namespace HaCluster.Account.Wire;

/// <summary>A call that gave no answer: refused, unreachable, or not understood.</summary>
public sealed class AwsCallException(string service, string operation, string code, string message, Exception? inner = null)
    : Exception($"{service} {operation}: {code}{(message.Length > 0 ? $": {message}" : "")}", inner)
{
    internal const string UnreachableCode = "Unreachable";

    /// <summary>The service id, such as <c>EKS</c>.</summary>
    public string Service { get; } = service;

    public string Operation { get; } = operation;

    /// <summary>What AWS says beside the code.</summary>
    public string Detail { get; } = message;

    /// <summary>What AWS calls the error: <c>AccessDeniedException</c>, <c>NoSuchResourceException</c> ...</summary>
    public string Code { get; } = code;

    /// <summary>The caller may not ask: the permission that is missing is named after service and operation.</summary>
    public bool IsDenied => Code.StartsWith("AccessDenied", StringComparison.Ordinal) || Code is "UnauthorizedOperation" or "NotAuthorized" or "OptInRequired";

    /// <summary>There is no response from AWS: the connection failed or broke, or a proxy answered.</summary>
    public bool IsUnreachable => Code == UnreachableCode || Code.StartsWith("HTTP", StringComparison.Ordinal);

    public bool IsAbsent => Code.StartsWith("NoSuchResource", StringComparison.Ordinal);

    /// <summary>Short enough for a table.</summary>
    public string Reason => IsDenied ? $"not permitted: {Service} {Operation}" : Message;
}
