using System.Globalization;
using HaCluster.Twin.Kubernetes.Requests;
using HaCluster.Twin.Storage;

namespace HaCluster.Twin.Kubernetes.Verbs;

/// <summary>Get and list: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions</summary>
internal sealed class ReadVerbs(ObjectStore store)
{
    public Task GetAsync(ApiRequest request)
    {
        if (request.Number("resourceVersion") is { } version)
            RequireReached(version);
        return Answer.WriteAsync(request, store.Get(request.Kind, request.Namespace, request.Name!));
    }

    public Task ListAsync(ApiRequest request) => Answer.WriteListAsync(request, Page(request, Selection.Of(request)));

    private ListPage Page(ApiRequest request, Selection wanted)
    {
        var token = request.Query("continue") is { } text ? ContinueToken.Parse(text) : null;
        var list = token is null ? Snapshot(request) : Continued(request, token);
        var limit = request.Number("limit") is > 0 and var some ? (int)Math.Min(some, int.MaxValue) : int.MaxValue;
        var rest = list.Items.Where(item => (token is null || token.IsBefore(item)) && wanted.Matches(item));
        if (limit == int.MaxValue)
            return new(rest, list.ResourceVersion);

        var items = rest.Take(limit + 1).ToList();
        if (items.Count <= limit)
            return new(items, list.ResourceVersion);
        var last = items[limit - 1];
        var next = new ContinueToken(list.ResourceVersion, last.Namespace ?? "", last.Name);
        int? remaining = wanted.IsEmpty ? list.Items.Count(next.IsBefore) : null;
        return new(items.Take(limit), list.ResourceVersion, next.ToString(), remaining);
    }

    private ObjectList Snapshot(ApiRequest request)
    {
        var (version, match) = (request.Number("resourceVersion"), request.Query("resourceVersionMatch"));
        if (match is not null && version is null)
            throw StatusException.BadRequest("resourceVersionMatch is forbidden unless resourceVersion is provided");
        if (match is not (null or "Exact" or "NotOlderThan"))
            throw StatusException.BadRequest($"resourceVersionMatch is \"{match}\"; supported values: \"Exact\", \"NotOlderThan\"");
        if (match == "Exact" && version == 0)
            throw StatusException.BadRequest("resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"");
        if (version is { } wanted)
            RequireReached(wanted);
        return match == "Exact" ? store.ListAt(request.Kind, request.Namespace, version!.Value) : store.List(request.Kind, request.Namespace);
    }

    private ObjectList Continued(ApiRequest request, ContinueToken token)
    {
        try
        {
            return store.ListAt(request.Kind, request.Namespace, token.ResourceVersion);
        }
        catch (StatusException expired) when (expired.Code == 410)
        {
            throw StatusException.Expired("The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.");
        }
    }

    // A client that saw a newer version elsewhere is told to wait: https://github.com/kubernetes/apiserver/blob/master/pkg/storage/errors.go (NewTooLargeResourceVersionError)
    private void RequireReached(long version)
    {
        if (version <= store.ResourceVersion)
            return;
        var cause = new System.Text.Json.Nodes.JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" };
        var (asked, current) = (version.ToString(CultureInfo.InvariantCulture), store.ResourceVersion.ToString(CultureInfo.InvariantCulture));
        throw new StatusException(504, "Timeout", $"Timeout: Too large resource version: {asked}, current: {current}", new() { ["causes"] = new System.Text.Json.Nodes.JsonArray(cause) }) { RetryAfterSeconds = 1 };
    }
}
