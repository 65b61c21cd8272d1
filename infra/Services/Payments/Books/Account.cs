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

    /// <summary>Final, at addresses without a key: a sweep brings it to the sender.</summary>
    public static string Unswept(string wallet) => $"unswept/{wallet}";

    /// <summary>Deposits that are too small by the rules: on the chain, and not spent.</summary>
    public static string Ignored(string wallet) => $"ignored/{wallet}";

    /// <summary>Owes what a reorganisation took back after it was spent; the next deposits pay it off.</summary>
    public static string Shortage(string wallet) => $"shortage/{wallet}";

    /// <summary>All of a wallet: together they are what it has on the chain, but for transfers that are under way.</summary>
    public static IReadOnlyList<string> Of(string wallet) => [Available(wallet), Reserved(wallet), Incoming(wallet), Unswept(wallet), Ignored(wallet), Shortage(wallet)];
}
