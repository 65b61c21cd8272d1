namespace HaCluster.Cmdlets.Sessions;

/// <summary>Brings the calls of a session to <c>-Verbose</c> of the cmdlet that makes them; a session outlives the cmdlet that opened it.</summary>
internal static class CallTrace
{
    private static readonly AsyncLocal<Action<string>?> Current = new();

    /// <summary>Calls from here on, in whatever this starts, are told to <paramref name="listener"/>.</summary>
    public static void Begin(Action<string> listener) => Current.Value = listener;

    public static void Write(string call) => Current.Value?.Invoke(call);
}
