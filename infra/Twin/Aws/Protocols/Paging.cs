using System.Globalization;
using System.Text;

namespace HaCluster.Twin.Aws.Protocols;

/// <summary>Pages of a list: the token says how many were given.</summary>
internal static class Paging
{
    /// <exception cref="AwsException">The token is not one of this twin.</exception>
    public static (IReadOnlyList<T> Items, string? Next) Of<T>(IReadOnlyList<T> all, string? token, int? most)
    {
        var skipped = token is null ? 0 : Read(token);
        var page = all.Skip(skipped).Take(most is > 0 and var number ? number : int.MaxValue).ToList();
        return (page, skipped + page.Count < all.Count ? Convert.ToBase64String(Encoding.UTF8.GetBytes($"after:{skipped + page.Count}")) : null);
    }

    private static int Read(string token)
    {
        try
        {
            var text = Encoding.UTF8.GetString(Convert.FromBase64String(token));
            if (text.StartsWith("after:", StringComparison.Ordinal) && int.TryParse(text["after:".Length..], CultureInfo.InvariantCulture, out var skipped) && skipped >= 0)
                return skipped;
        }
        catch (FormatException)
        {
            // Refused below.
        }

        throw new AwsException("InvalidNextToken", "The token is invalid.");
    }
}
