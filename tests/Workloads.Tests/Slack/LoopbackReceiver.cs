using System.Net;
using System.Text;

namespace HaCluster.Workloads.Tests.Slack;

/// <summary>Stands in for Slack and SNS on this machine's loopback, and remembers what it was sent.</summary>
internal sealed class LoopbackReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly List<Delivery> _deliveries = [];
    private readonly Queue<int> _slackAnswers = new();
    private readonly Task _serving;

    public LoopbackReceiver()
    {
        Address = $"http://127.0.0.1:{Waiting.FreePort()}";
        _listener.Prefixes.Add(Address + "/");
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address { get; }

    public IReadOnlyList<Delivery> Deliveries
    {
        get
        {
            lock (_deliveries)
                return [.. _deliveries];
        }
    }

    /// <summary>Answers the next requests of Slack with these, and then with 200.</summary>
    public void AnswerSlackWith(params int[] statuses)
    {
        lock (_deliveries)
        {
            foreach (var status in statuses)
                _slackAnswers.Enqueue(status);
        }
    }

    /// <summary>Waits for a request.</summary>
    public async Task<Delivery> UntilAsync(Func<Delivery, bool> isIt, string what)
    {
        await Waiting.UntilAsync(
            what, () => Deliveries.Any(isIt), () => $"came: {string.Join("\n", Deliveries.Select(each => $"{each.Status} {each.Path} {each.Body}"))}");
        return Deliveries.First(isIt);
    }

    public void Dispose()
    {
        _listener.Close();
        _serving.Wait();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            // A caller that gave up waiting for its answer must not end the receiver for those that come later.
            try
            {
                await AnswerAsync(context);
            }
            catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException)
            {
                context.Response.Abort();
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        var body = await reader.ReadToEndAsync();
        // The SDK of AWS ends every address with a slash.
        var path = context.Request.Url!.AbsolutePath.TrimEnd('/');
        int status;
        lock (_deliveries)
        {
            status = path.StartsWith("/slack/", StringComparison.Ordinal) && _slackAnswers.TryDequeue(out var scripted) ? scripted : 200;
            _deliveries.Add(new Delivery(path, body, status));
        }

        context.Response.StatusCode = status;
        var answer = path == "/sns"
            ? """<PublishResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"""
            : "ok";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        context.Response.Close();
    }
}
