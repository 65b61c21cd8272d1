using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace HaCluster.Workloads.Tests.Chains.Alerts;

/// <summary>A made-up chain that gets a block every two seconds, and that all nodes of a test follow.</summary>
internal sealed class PlayedChain
{
    private const long Start = 100_000;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;
    private readonly List<(long Above, string Name)> _branches = [(-1, "main")];
    private long? _paused;

    public long Head
    {
        get
        {
            lock (_lock)
                return _paused ?? Start + (long)((DateTimeOffset.UtcNow - _began) / Pace);
        }
    }

    public DateTimeOffset TimeOf(long height) => _began + (Pace * (height - Start));

    /// <summary>64 hexadecimal digits.</summary>
    public string HashOf(long height)
    {
        lock (_lock)
            return Hash(_branches.FindLast(branch => height > branch.Above).Name, height);
    }

    public static string Hash(string branch, long height) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{branch}/{height}"))));

    /// <summary>No new block until <see cref="Resume"/>.</summary>
    public void Pause()
    {
        var head = Head;
        lock (_lock)
            _paused = head;
    }

    public void Resume()
    {
        lock (_lock)
            _paused = null;
    }

    /// <summary>Replaces the newest blocks by others of the same height.</summary>
    public void Reorganise(int depth)
    {
        var head = Head;
        lock (_lock)
            _branches.Add((head - depth, $"branch-{_branches.Count}"));
    }
}
