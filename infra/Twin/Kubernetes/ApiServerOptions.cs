using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Kubernetes;

/// <summary>Settings of an <see cref="ApiServer"/>.</summary>
public sealed record ApiServerOptions
{
    /// <summary>The port on 127.0.0.1; 0 for a free one.</summary>
    public int Port { get; init; }

    /// <summary>Who may call; the first one is the administrator. By default one user with a random token.</summary>
    public IReadOnlyList<ApiUser> Users { get; init; } = [new("kubernetes-admin", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)))];

    /// <summary>Knows a caller by a token that is none of <see cref="Users"/>; null when it does not.</summary>
    public Func<string, ApiUser?> FindUser { get; init; } = _ => null;

    /// <summary>The version that the server reports.</summary>
    public string Version { get; init; } = "v1.36.0";

    /// <summary>How often a watch that asked for bookmarks gets one.</summary>
    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether the server keeps the status of PodDisruptionBudgets. A world that runs in steps does that itself.</summary>
    public bool RunsDisruptionController { get; init; } = true;

    /// <summary>
    /// Sees every request first, and may answer, delay or abort it, or hand it on: how clients are shown an overloaded or unreachable server.
    /// </summary>
    public Func<HttpContext, RequestDelegate, Task>? Interceptor { get; init; }

    /// <summary>How long a watch lives that set no limit: a random time from here to twice that, as at the real server.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(30);
}

/// <summary>A caller, known by its bearer token.</summary>
public sealed record ApiUser(string Name, string Token)
{
    public IReadOnlyList<string> Groups { get; init; } = ["system:masters", "system:authenticated"];

    /// <summary>What the user may do; everything by default. RBAC objects are stored and not evaluated.</summary>
    public Func<ApiAccess, bool> May { get; init; } = _ => true;

    /// <summary>Without the token.</summary>
    public override string ToString() => Name;
}

/// <summary>One access to decide about.</summary>
/// <param name="Verb">get, list, watch, create, update, patch, delete or deletecollection.</param>
/// <param name="Resource">The plural, with a subresource after a slash: <c>pods/eviction</c>.</param>
public sealed record ApiAccess(string Verb, string Group, string Resource, string? Namespace, string? Name);
