namespace HaCluster.Payments.Webhooks;

/// <summary>When an event that was not taken is sent again.</summary>
internal static class WebhookSchedule
{
    /// <summary>After so long without success the webhook is disabled.</summary>
    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(3);

    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);

    /// <param name="attempts">That were made, from 1.</param>
    /// <param name="asked">By the receiver; more than the longest is not waited for.</param>
    /// <param name="random">0 to 1: receivers that were away are not asked for everything at one moment.</param>
    public static TimeSpan Pause(long attempts, TimeSpan? asked, double random)
    {
        var pause = First * Math.Pow(2, Math.Min(attempts - 1, 20)) * (0.75 + (0.5 * random));
        if (asked > pause)
            pause = asked.Value;
        return pause < Longest ? pause : Longest;
    }
}
