namespace HaCluster.Cmdlets.Sites;

/// <summary>Whether the address of a site answers.</summary>
internal static class SiteProbe
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromSeconds(30) })
    {
        Timeout = TimeSpan.FromSeconds(10),
    };

    /// <returns>Whether it gave a response below 400, and what to look at when it did not.</returns>
    public static async Task<(bool Answers, string Note)> AskAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)response.StatusCode < 400 ? (true, "") : (false, $"it answers with {(int)response.StatusCode}: see its pods, Get-HaWorkload -Namespace 'site-*'");
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.NameResolutionError)
        {
            return (false, "its name does not resolve: point DNS at the load balancer, or set ha-cluster:edge.hostedZones");
        }
        catch (HttpRequestException exception)
        {
            return (false, $"no answer: {exception.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (false, "no answer within 10 s");
        }
    }

    /// <summary>Asks again and again until it answers.</summary>
    /// <returns>The last answer when the time is up.</returns>
    public static async Task<(bool Answers, string Note)> WaitAsync(Uri address, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        (bool Answers, string Note) last = (false, "");
        try
        {
            while (true)
            {
                last = await AskAsync(address, deadline.Token);
                if (last.Answers)
                    return last;
                await Task.Delay(TimeSpan.FromSeconds(5), deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return last;
        }
    }
}
