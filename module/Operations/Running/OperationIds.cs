using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace HaCluster.Operations.Running;

/// <summary>Names of operations.</summary>
internal static partial class OperationIds
{
    /// <summary>Sorts by time, tells what it is about, and is safe as the name of a folder and of a ConfigMap.</summary>
    public static string New(OperationRequest request, DateTimeOffset now) => string.Create(
        CultureInfo.InvariantCulture,
        $"{now:yyyyMMdd-HHmmss}-{request.Command.Replace("-Ha", "-", StringComparison.Ordinal).ToLowerInvariant()}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");

    /// <exception cref="HaClusterException">It is none.</exception>
    public static void Require(string id)
    {
        if (!Pattern().IsMatch(id))
            throw new HaClusterException(FailureKind.InvalidInput, "", id, "is not the id of an operation", "Get-HaOperation lists them");
    }

    [GeneratedRegex(@"\A[a-z0-9-]{1,100}\z")]
    private static partial Regex Pattern();
}
