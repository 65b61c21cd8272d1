using HaCluster.Ledger.Serving;

namespace HaCluster.Ledger.Hosting;

/// <summary>An endpoint: a line in <see cref="Routes"/>.</summary>
/// <param name="Method">A HEAD request is answered as GET, without the body.</param>
/// <param name="Path">One segment may be <c>{name}</c>, which stands for any text without a slash.</param>
/// <param name="AnswerAsync">Faults that it throws become problem documents: <see cref="Router"/>.</param>
internal sealed record Route(string Method, string Path, Func<Exchange, Task> AnswerAsync)
{
    private const string Variable = "{name}";

    private readonly string[] _segments = Path.Split('/');

    /// <summary>Answers without knowing who asks: probes and metrics.</summary>
    public bool IsOpen { get; init; }

    /// <summary>How it says that a request failed.</summary>
    public FaultWriter WriteFaultAsync { get; init; } = (context, status, code, title, detail) => Problems.WriteAsync(context, status, code, title, detail);

    /// <summary>How a client is asked for its token.</summary>
    public string Challenge { get; init; } = "Bearer";

    /// <returns>What the path has for <c>{name}</c>, or an empty text without one; null: it is another path.</returns>
    public string? Match(string path)
    {
        var name = "";
        var index = 0;
        foreach (var range in path.AsSpan().Split('/'))
        {
            var segment = path.AsSpan(range);
            if (index == _segments.Length)
                return null;
            if (_segments[index] == Variable && segment.Length > 0)
                name = segment.ToString();
            else if (!segment.SequenceEqual(_segments[index]))
                return null;
            index++;
        }

        return index == _segments.Length ? name : null;
    }

    public bool Takes(string method) => HttpMethods.Equals(method, Method) || (HttpMethods.IsHead(method) && HttpMethods.IsGet(Method));
}

/// <param name="code">Short and stable.</param>
internal delegate Task FaultWriter(HttpContext context, int status, string code, string title, string detail);
