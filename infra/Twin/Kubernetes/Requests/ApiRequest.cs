using System.Globalization;
using HaCluster.Twin.Storage;
using Microsoft.AspNetCore.Http;

namespace HaCluster.Twin.Kubernetes.Requests;

/// <summary>A request for a resource: who asks, for what, and with which options.</summary>
internal sealed class ApiRequest(HttpContext http, ApiUser user, ApiPath path, DateTimeOffset now)
{
    public HttpContext Http => http;

    public ApiUser User => user;

    /// <summary>The time in the world of the store.</summary>
    public DateTimeOffset Now => now;

    public ResourceKind Kind => path.Kind;

    public string? Namespace => path.Namespace;

    public string? Name => path.Name;

    public string? Subresource => path.Subresource;

    /// <summary>The path after the subresource, for proxies.</summary>
    public string Rest => path.Rest;

    public CancellationToken Cancellation => http.RequestAborted;

    public string Method => http.Request.Method;

    public bool IsWatch => Flag("watch") && Name is null;

    public bool IsDryRun => Query("dryRun") switch
    {
        null => false,
        "All" => true,
        _ => throw StatusException.BadRequest("Invalid value for dryRun: only All is supported"),
    };

    /// <summary>The verb that access rules name: https://kubernetes.io/docs/reference/access-authn-authz/authorization/#determine-the-request-verb</summary>
    public string Verb => Method switch
    {
        "GET" or "HEAD" => Name is not null ? "get" : IsWatch ? "watch" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => Name is not null ? "delete" : "deletecollection",
        var other => other.ToLowerInvariant(),
    };

    /// <summary>The manager of fields: named by the client, else its program.</summary>
    public string FieldManager => Query("fieldManager") ?? http.Request.Headers.UserAgent.ToString().Split('/')[0] switch { "" => "unknown", var program => program };

    public string? Query(string name) => http.Request.Query[name].FirstOrDefault() is { Length: > 0 } value ? value : null;

    public bool Flag(string name) => Query(name) is "true" or "1";

    /// <summary>A whole number of the query; null when it is absent.</summary>
    /// <exception cref="StatusException">400: it is not a number.</exception>
    public long? Number(string name)
    {
        if (Query(name) is not { } text)
            return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw StatusException.BadRequest($"{name} is \"{text}\"; it must be a whole number");
    }
}
