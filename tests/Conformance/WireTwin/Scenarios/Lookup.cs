using Pulumi;

namespace HaCluster.WireTwin.Scenarios;

/// <summary>A function of the test provider, as the official generator shapes them.</summary>
internal static class Lookup
{
    private const string Token = "test:index:lookup";

    public static Task<LookupResult> InvokeAsync(LookupArgs args, InvokeOptions? options = null) =>
        Deployment.Instance.InvokeAsync<LookupResult>(Token, args, options);

    public static Output<LookupResult> Invoke(LookupInvokeArgs args, InvokeOptions? options = null) =>
        Deployment.Instance.Invoke<LookupResult>(Token, args, options);

    public static Output<LookupResult> Invoke(LookupInvokeArgs args, InvokeOutputOptions options) =>
        Deployment.Instance.Invoke<LookupResult>(Token, args, options);
}

internal sealed class LookupArgs : InvokeArgs
{
    [Input("query")]
    public string? Query { get; set; }

    [Input("fails")]
    public bool? Fails { get; set; }
}

internal sealed class LookupInvokeArgs : InvokeArgs
{
    [Input("query")]
    public Input<string>? Query { get; set; }
}

[OutputType]
internal sealed class LookupResult
{
    [OutputConstructor]
    private LookupResult(string answer, string hidden) => (Answer, Hidden) = (answer, hidden);

    public string Answer { get; }

    public string Hidden { get; }
}
