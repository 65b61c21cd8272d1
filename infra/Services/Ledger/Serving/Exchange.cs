namespace HaCluster.Ledger.Serving;

/// <summary>A request and its answer.</summary>
/// <param name="name">What the path has for <c>{name}</c> of the route.</param>
/// <param name="producer">Who asks; null for a route that is open.</param>
internal sealed class Exchange(HttpContext context, string name, Producer? producer)
{
    public HttpContext Context { get; } = context;

    public HttpRequest Request => Context.Request;

    public HttpResponse Response => Context.Response;

    public string Name { get; } = name;

    public Producer Producer => producer ?? throw new InvalidOperationException("the route is open, nobody was asked for a token");

    /// <summary>Whether the answer says that records are stored.</summary>
    public bool HasStored { get; set; }
}
