using HaCluster.Payments.Http;

namespace HaCluster.Payments.Serving;

/// <summary>Text of a client that the service keeps and gives back, without a meaning to it.</summary>
internal static class Labels
{
    public const int Longest = 200;

    /// <exception cref="RefusedException">It is too long, or has control characters.</exception>
    public static void Check(string field, string? text)
    {
        if (text is { Length: > Longest } || text?.Any(char.IsControl) is true)
            throw RefusedException.Invalid(field, $"write at most {Longest} characters, without control characters");
    }
}
