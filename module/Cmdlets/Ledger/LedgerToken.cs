using System.Net;
using System.Security;

namespace HaCluster.Cmdlets.Ledger;

/// <summary>The reader's token of the ledger: of a parameter, or of the environment.</summary>
internal static class LedgerToken
{
    public const string Variable = "HA_LEDGER_TOKEN";

    /// <exception cref="HaClusterException">There is none.</exception>
    public static string Of(SecureString? given)
    {
        var token = given is null ? Environment.GetEnvironmentVariable(Variable) : new NetworkCredential("", given).Password;
        // A header takes no other characters; a line break comes along from files.
        return token?.Trim() is { Length: > 0 } found && found.All(char.IsAscii) && !found.Any(char.IsControl)
            ? found
            : throw new HaClusterException(
                FailureKind.CredentialsMissing, "", "token of the ledger", given is null ? $"neither -Token nor the environment variable {Variable} has one" : "-Token is empty, or has characters that a token cannot have",
                "Give one whose entry in the file of producers has the stream in \"reads\": ledger token NAME --reads STREAM creates it");
    }
}
