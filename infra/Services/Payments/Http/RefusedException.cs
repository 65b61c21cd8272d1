namespace HaCluster.Payments.Http;

/// <summary>A request that is not done, and why. Nothing of it was.</summary>
/// <param name="code">Stable, for programs.</param>
internal sealed class RefusedException(int status, string code, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    public static RefusedException NotFound(string what, string id) => new(StatusCodes.Status404NotFound, "not-found", $"there is no {what} {id}");

    public static RefusedException Invalid(string field, string detail) => new(StatusCodes.Status422UnprocessableEntity, "invalid", $"{field}: {detail}");
}
