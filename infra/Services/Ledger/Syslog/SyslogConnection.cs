using System.Collections.Immutable;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Security.Cryptography;
using HaCluster.Ledger.Metrics;
using HaCluster.Ledger.Records;
using HaCluster.Ledger.Serving;
using HaCluster.Ledger.Writing;

namespace HaCluster.Ledger.Syslog;

/// <summary>
/// Messages of one producer. Syslog has no acknowledgement: what a sender has put on its way counts as sent. So it is read only when all that came before is
/// stored, but for a quarter of a mebibyte; until then it waits in the sender.
/// </summary>
internal sealed class SyslogConnection(Producer producer, string stream, Stream content, Socket socket, SyslogOptions options, Intake intake, LedgerMetrics metrics)
{
    /// <summary>Bytes that are read while others are being stored.</summary>
    private const int ReadAhead = 256 << 10;

    private readonly Pipe _ahead = new(new PipeOptions(pauseWriterThreshold: ReadAhead, resumeWriterThreshold: ReadAhead / 2, useSynchronizationContext: false));
    private readonly string _name = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private long _count;

    /// <summary>Reads until the sender ends.</summary>
    /// <param name="cancellationToken">The service cannot wait any longer.</param>
    /// <exception cref="SyslogException">What came cannot be understood; all before it is stored.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = ReadAheadAsync(stop.Token);
        try
        {
            var messages = new SyslogFrames(_ahead.Reader.AsStream(), options.LargestMessage, options.MessageLimit);
            while (await messages.ReadAsync(cancellationToken) is { Count: > 0 } frames)
            {
                var (records, fault) = Read(frames);
                await StoreAsync(records, cancellationToken);
                if (fault is not null)
                    throw fault;
            }
        }
        finally
        {
            await stop.CancelAsync();
            await _ahead.Reader.CompleteAsync();
            await reading;
        }
    }

    /// <summary>
    /// Asks the sender to go elsewhere, and goes on reading what is on its way. The end of the stream alone, without TLS's close_notify before it: rsyslog looks
    /// for that end before it sends, and would take a byte of TLS for a connection that is alive.
    /// </summary>
    public void AskToEnd()
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private async Task ReadAheadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await content.CopyToAsync(_ahead.Writer, cancellationToken);
            await _ahead.Writer.CompleteAsync();
        }
        catch (Exception exception)
        {
            // For whoever reads what came before it.
            await _ahead.Writer.CompleteAsync(exception);
        }
    }

    private (ImmutableArray<PreparedRecord> Records, SyslogException? Fault) Read(List<ReadOnlyMemory<byte>> frames)
    {
        var records = ImmutableArray.CreateBuilder<PreparedRecord>(frames.Count);
        var reader = intake.ReaderFor(producer, stream);
        foreach (var frame in frames)
        {
            try
            {
                var message = SyslogMessage.Parse(frame.Span);
                records.Add(reader.ReadParsed(IdOf(message, frame.Span), message.Timestamp, message.Data));
            }
            catch (RejectedException exception)
            {
                // The sender cannot be told.
                metrics.Rejected(exception.Code, 1, producer.Name, stream, exception.Message);
            }
            catch (SyslogException exception)
            {
                return (records.ToImmutable(), exception);
            }
        }

        return (records.ToImmutable(), null);
    }

    /// <summary>
    /// By the sender; or of all its bytes, when a number is among them. Else one that never comes again: two messages may well have the same bytes, and one too
    /// many is seen, while one too few is not.
    /// </summary>
    private string IdOf(SyslogMessage message, ReadOnlySpan<byte> frame) =>
        message.Id ?? (message.IsNumbered ? $"syslog-{Hash.HexOf(frame)[..32]}" : $"syslog-{_name}-{++_count}");

    private async Task StoreAsync(ImmutableArray<PreparedRecord> records, CancellationToken cancellationToken)
    {
        while (records.Length > 0)
        {
            switch (await intake.StoreAsync(stream, records))
            {
                case Outcome.Stored:
                    metrics.SyslogStored(stream, records.Length);
                    return;
                case Outcome.Refused refused:
                    metrics.Event("rejected", stream, $"{refused.Conflicts.Length} syslog messages of {producer.Name} were refused: {refused.Conflicts[0].Message}");
                    var wrong = refused.Conflicts.Select(conflict => conflict.Index).ToHashSet();
                    records = [.. records.Where((_, index) => !wrong.Contains(index))];
                    break;
                case Outcome.Unavailable unavailable:
                    try
                    {
                        await Task.Delay(options.RetryEvery, cancellationToken);
                    }
                    catch (OperationCanceledException)
                    {
                        metrics.Rejected("stopped", records.Length, producer.Name, stream, $"syslog messages that were received could not be stored before the service ended: {unavailable.Reason}");
                        throw;
                    }

                    break;
            }
        }
    }
}
