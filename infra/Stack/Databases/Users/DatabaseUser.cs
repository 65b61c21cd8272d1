using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using HaCluster.Stack.Settings.Databases;
using Pulumi;
using Aws = Pulumi.Aws;

namespace HaCluster.Stack.Databases.Users;

/// <summary>Input of <see cref="DatabaseUser"/>.</summary>
public sealed record DatabaseUserArgs
{
    public required Foundation Foundation { get; init; }

    public required DatabaseSettings Settings { get; init; }

    /// <summary>Namespace whose applications it is for.</summary>
    public required string Namespace { get; init; }
}

/// <summary>
/// The user of one namespace in one database: two logins that take turns, and a secret for each. While one is in use the other gets its next
/// password, so that a rotation never makes a password invalid that somebody still holds. A third secret, which is the delivered one, repeats
/// the login whose turn it is. <see cref="UserSetup"/> fills all three; neither this program nor the state of Pulumi knows a password.
/// </summary>
/// <remarks>
/// Why three secrets: RDS Proxy knows the logins that have a secret of their own, and matches them by name. With one secret that changes its
/// user name, the former login would be refused at the proxy at once, before the new one has reached the pods.
/// </remarks>
public sealed class DatabaseUser : ComponentResource
{
    public const string TypeToken = "ha-cluster:databases:User";

    /// <summary>Prefix of all application names, so that no namespace collides with a user or a schema of the engine.</summary>
    public const string Prefix = "app_";

    // MySQL has 32 characters for a user (https://dev.mysql.com/doc/refman/8.0/en/user-names.html), two of which distinguish the logins.
    private const int LongestUser = 30;

    // https://dev.mysql.com/doc/refman/8.0/en/identifier-length.html
    private const int LongestDatabase = 63;

    private readonly DatabaseUserArgs _args;

    public DatabaseUser(string name, DatabaseUserArgs args, ComponentResourceOptions? options = null)
        : base(TypeToken, name, options)
    {
        _args = args;
        LoginSecrets = [Secret(name, "a", "One of two logins"), Secret(name, "b", "The other of two logins")];
        DeliveredSecret = Secret(name, "current", "The login in use");
        RegisterOutputs();
    }

    public string Namespace => _args.Namespace;

    /// <summary>Name of the role, and beginning of its logins: <c>NAME_a</c>, <c>NAME_b</c>.</summary>
    public string Name => NameOf(Namespace);

    /// <summary>Database that its applications open.</summary>
    public string Database => _args.Settings.Engine == DatabaseEngine.MySql ? OwnDatabase(_args.Settings.Database, Namespace) : _args.Settings.Database;

    /// <summary>ARNs of the secrets of both logins, which the proxy reads.</summary>
    public ImmutableArray<Output<string>> LoginSecrets { get; }

    /// <summary>ARN of the secret that is delivered to the namespace.</summary>
    public Output<string> DeliveredSecret { get; }

    /// <summary>A namespace has no underscore, so that two of them never share a name.</summary>
    public static string NameOf(string owner) => Shortened($"{Prefix}{owner.Replace('-', '_')}", LongestUser);

    /// <summary>MySQL has no schemas inside a database: there each user has a database of its own.</summary>
    public static string OwnDatabase(string database, string owner) => Shortened($"{database}_{owner.Replace('-', '_')}", LongestDatabase);

    private static string Shortened(string name, int longest)
    {
        if (name.Length <= longest)
            return name;

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
        return $"{name[..(longest - hash.Length - 1)].TrimEnd('_')}_{hash}";
    }

    // The name has a random suffix, because the name of a deleted secret stays reserved for days.
    private Output<string> Secret(string name, string part, string purpose)
    {
        var scope = _args.Foundation.Scope;
        return new Aws.SecretsManager.Secret(
            $"{name}-{part}",
            new Aws.SecretsManager.SecretArgs
            {
                NamePrefix = $"{scope.ClusterName}/databases/{_args.Settings.Engine.Name}/{Namespace}/{part}-",
                Description = $"{purpose} of namespace {Namespace} in the {_args.Settings.Engine.Aurora} database",
                KmsKeyId = _args.Foundation.Keys.Databases.Arn,
                Tags = scope.Tags.Named(scope.NameOf($"{name}-{part}")),
            },
            new CustomResourceOptions { Parent = this }).Arn;
    }
}
