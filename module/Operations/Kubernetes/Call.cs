using System.Globalization;

namespace HaCluster.Operations.Kubernetes;

/// <summary>One request to the API server.</summary>
/// <param name="Name">For messages: verb and resource, such as <c>list pods</c>.</param>
/// <param name="Target">For messages: the object.</param>
/// <param name="IsRepeatable">Doing it twice does the same as doing it once.</param>
internal sealed record Call(HttpMethod Method, string PathAndQuery, string Name, string Target, TimeSpan Timeout, bool IsRepeatable)
{
    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>What the server did not begin can always be sent again.</summary>
    public bool MayRepeatAfter(HaClusterException failure) =>
        IsRepeatable ? failure.IsTransient
        : failure.Kind == FailureKind.Throttled
            || failure is { Kind: FailureKind.Unreachable, InnerException: HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError } };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Method} {PathAndQuery}");
}
