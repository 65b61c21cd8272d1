using HaCluster.Ledger.Indexing;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Reading;

/// <summary>What all reads have in common: who may, whether there is something to read, how many at once, and what is said when it does not work.</summary>
/// <param name="indexer">Null: the service has no index.</param>
internal sealed class RecordQueries(Indexer? indexer, StreamLogs logs)
{
    /// <summary>Searches at once, each with a page in memory.</summary>
    private const int MostSearches = 8;

    /// <summary>Exports at once, each with a page in memory.</summary>
    private const int MostExports = 4;

    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);

    public SemaphoreSlim Searches { get; } = new(MostSearches);

    public SemaphoreSlim Exports { get; } = new(MostExports);

    /// <summary>Lets a read answer, and turns its faults into problem documents.</summary>
    public async Task AnswerAsync(Exchange exchange, SemaphoreSlim places, Func<Indexer, Task> answer)
    {
        var context = exchange.Context;
        try
        {
            if (indexer is null)
            {
                await Problems.WriteAsync(context, StatusCodes.Status404NotFound, "no-index", "Records cannot be searched here", "the service runs with --index none; read the archive, or ask another instance");
                return;
            }

            if (!await places.WaitAsync(Turn, context.RequestAborted))
            {
                await Unavailable(context, "too many reads are running");
                return;
            }

            try
            {
                await answer(indexer);
            }
            finally
            {
                places.Release();
            }
        }
        catch (QuestionException exception)
        {
            await Problems.WriteAsync(context, StatusCodes.Status400BadRequest, "invalid-question", "The question was not understood", exception.Message);
        }
        catch (Exception exception) when (exception is IndexUnavailableException or NotAuditedException or Archives.ArchiveUnavailableException or FormatException)
        {
            await Unavailable(context, exception.Message);
        }
    }

    /// <returns>False: the answer says why not.</returns>
    public async Task<bool> MayReadAsync(Exchange exchange, string stream)
    {
        if (!exchange.Producer.MayRead(stream))
        {
            await Problems.WriteAsync(
                exchange.Context, StatusCodes.Status403Forbidden, "wrong-stream", "The stream may not be read", MayNotRead(exchange.Producer, stream));
            return false;
        }

        if (indexer!.Knows(stream) || logs.Opened.Any(log => log.View.Stream == stream))
            return true;
        await Problems.WriteAsync(exchange.Context, StatusCodes.Status404NotFound, "unknown-stream", "There is no such stream", $"the ledger has no records of the stream {stream}");
        return false;
    }

    public static string MayNotRead(Producer producer, string stream) =>
        $"{producer.Name} may not read the stream {stream}; its entry in the file of producers must list it in \"reads\"";

    private static Task Unavailable(HttpContext context, string reason)
    {
        // In the middle of an answer, only its end can say that it is not whole.
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        return Problems.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "unavailable", "Records cannot be read now; ask again", reason);
    }
}
