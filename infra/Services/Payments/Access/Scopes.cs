namespace HaCluster.Payments.Access;

/// <summary>What a key may do. None contains another: who approves transfers need not be able to ask for them.</summary>
[Flags]
internal enum Scopes
{
    None = 0,

    /// <summary>Read everything.</summary>
    View = 1,

    /// <summary>Make addresses.</summary>
    Address = 2,

    /// <summary>Ask for transfers and cancel them.</summary>
    Transfer = 4,

    /// <summary>Approve transfers of others.</summary>
    Approve = 8,

    /// <summary>Wallets, policies, destinations, and the kill switch.</summary>
    Admin = 16,

    All = View | Address | Transfer | Approve | Admin,
}

internal static class ScopeNames
{
    private static readonly Scopes[] Single = [Scopes.View, Scopes.Address, Scopes.Transfer, Scopes.Approve, Scopes.Admin];

    public static string Rule { get; } = string.Join(", ", Single.Select(Name));

    public static string Name(this Scopes scope) => scope.ToString().ToLowerInvariant();

    public static string Names(this Scopes scopes) => string.Join(' ', Single.Where(scope => scopes.HasFlag(scope)).Select(Name));

    /// <returns>Null: one of them is not a scope.</returns>
    public static Scopes? Parse(IEnumerable<string> names)
    {
        var scopes = Scopes.None;
        foreach (var name in names)
        {
            var found = Single.FirstOrDefault(scope => scope.Name() == name);
            if (found == Scopes.None)
                return null;
            scopes |= found;
        }

        return scopes;
    }
}
