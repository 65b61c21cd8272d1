using System.Diagnostics;
using System.Globalization;
using HaCluster.Services;

namespace HaCluster.Payments.Tests.Killing;

/// <summary>Ends this process with SIGKILL when it comes to a point for the given time.</summary>
internal sealed class Death(string point, string time) : IFaultPoints
{
    private readonly int _time = int.Parse(time, CultureInfo.InvariantCulture);
    private int _reached;

    public void Reach(string reached)
    {
        if (reached == point && Interlocked.Increment(ref _reached) == _time)
        {
            Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite);
        }
    }
}
