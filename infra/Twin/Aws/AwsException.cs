namespace HaCluster.Twin.Aws;

/// <summary>A refusal in the words of AWS, which each protocol writes in its own shape.</summary>
/// <param name="code">As the service's documentation names it.</param>
/// <param name="status">Of HTTP.</param>
internal sealed class AwsException(string code, string message, int status = 400) : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    /// <summary>Further members of a JSON error.</summary>
    public System.Text.Json.Nodes.JsonObject? Details { get; init; }
}
