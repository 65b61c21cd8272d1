namespace HaCluster.Payments.Books;

/// <summary>Names of accounts. Each asset has its own balance on each.</summary>
internal static class Account
{
    /// <summary>All that is not ours: it owes what came in, and gets what goes out.</summary>
    public const string World = "world";

    /// <summary>May be spent.</summary>
    public static string Available(string wallet) => $"available/{wallet}";

    /// <summary>Held for transfers that have not ended.</summary>
    public static string Reserved(string wallet) => $"reserved/{wallet}";

    /// <summary>In blocks that a reorganisation may still replace.</summary>
    public static string Incoming(string wallet) => $"incoming/{wallet}";
}
