using System.Buffers;
using System.IO.Compression;
using HaCluster.Ledger.Records;

namespace HaCluster.Ledger.Serving;

/// <summary>Reads bodies into memory, each up to a limit, and all together up to a budget.</summary>
internal sealed class RequestBody(int limit, long budget)
{
    private const int FirstSize = 16 << 10;

    private long _used;

    /// <exception cref="RejectedException">It is too large, or compressed in another way than gzip.</exception>
    /// <exception cref="UnavailableException">Too many bodies are being read.</exception>
    public async Task<Body> ReadAsync(HttpRequest request)
    {
        var isCompressed = request.Headers.ContentEncoding.ToString() switch
        {
            "" or "identity" => false,
            "gzip" => true,
            _ => throw new RejectedException("unsupported-encoding", "Content-Encoding must be gzip, or left out", StatusCodes.Status415UnsupportedMediaType),
        };
        var body = new Body(this);
        try
        {
            body.Grow(!isCompressed && request.ContentLength is { } length && length <= limit ? (int)length + 1 : FirstSize);
            await using var content = isCompressed ? new GZipStream(request.Body, CompressionMode.Decompress) : request.Body;
            while (await content.ReadAsync(body.Free, request.HttpContext.RequestAborted) is > 0 and var count)
            {
                body.Length += count;
                if (body.Length > limit)
                    throw new RejectedException("too-large", $"the body has more than {limit} bytes; send fewer records at once", StatusCodes.Status413PayloadTooLarge);
                if (body.Free.IsEmpty)
                    body.Grow(2 * body.Length);
            }

            return body;
        }
        catch (InvalidDataException)
        {
            body.Dispose();
            throw new RejectedException("invalid-encoding", "the body is not valid gzip", StatusCodes.Status400BadRequest);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    private void Take(int bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= budget)
            return;
        Interlocked.Add(ref _used, -bytes);
        throw new UnavailableException("too many requests are being read");
    }

    /// <summary>A body in memory that goes back to the pool.</summary>
    internal sealed class Body(RequestBody owner) : IDisposable
    {
        private byte[] _buffer = [];

        public int Length { get; set; }

        public Memory<byte> Free => _buffer.AsMemory(Length);

        public ReadOnlyMemory<byte> Content => _buffer.AsMemory(0, Length);

        public void Grow(int size)
        {
            owner.Take(size);
            var larger = ArrayPool<byte>.Shared.Rent(size);
            // The pool gives more than was asked for.
            Interlocked.Add(ref owner._used, larger.Length - size);
            Content.CopyTo(larger);
            Return();
            _buffer = larger;
        }

        public void Dispose()
        {
            Return();
            (_buffer, Length) = ([], 0);
        }

        private void Return()
        {
            if (_buffer.Length == 0)
                return;
            Interlocked.Add(ref owner._used, -_buffer.Length);
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }
}
