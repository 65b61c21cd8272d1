namespace HaCluster.Ledger.Records;

/// <summary>What was sent cannot be stored as it is. The message says why and what to do, without the content of the record.</summary>
/// <param name="code">Short and stable: the end of the problem's type.</param>
internal sealed class RejectedException(string code, string message, int status = StatusCodes.Status422UnprocessableEntity) : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    /// <summary>The same of the line of a batch.</summary>
    public RejectedException AtLine(int line) => new(Code, $"line {line}: {Message}", Status);
}
