namespace HaCluster.Cli.Tests.Processes;

/// <summary>What a person at a terminal sees; <c>script</c> provides the terminal.</summary>
public sealed class TerminalTests
{
    [SkippableFact]
    public void On_a_terminal_there_are_colours_and_the_cursor_comes_back()
    {
        var shown = OnTerminal("TERM=xterm-256color", "plan --stack dev");
        Assert.Contains("\u001b[", shown, StringComparison.Ordinal);
        Assert.True(shown.LastIndexOf("\u001b[?25h", StringComparison.Ordinal) > shown.LastIndexOf("\u001b[?25l", StringComparison.Ordinal), "the cursor stays hidden");
    }

    [SkippableTheory]
    [InlineData("TERM=xterm-256color NO_COLOR=1")]
    [InlineData("TERM=dumb")]
    public void Where_colour_is_unwanted_the_text_is_plain(string environment)
    {
        var shown = OnTerminal(environment, "plan --stack dev");
        // The runtime itself may put the keypad into its mode; what counts is no colour and no moving cursor.
        Assert.DoesNotMatch(@"\u001b\[([0-9;]*m|\?25|[0-9]*[A-K])", shown);
        Assert.Contains("stack dev in eu-central-1", shown, StringComparison.Ordinal);
    }

    private static string OnTerminal(string environment, string arguments)
    {
        Skip.If(!File.Exists("/usr/bin/script"), "needs 'script' (Debian: bsdutils)");
        var result = Ha.Shell(Ha.Checkout, $"script -qec \"stty cols 80 rows 50; env {environment} dotnet '{Ha.Assembly}' {arguments}\" /dev/null");
        return result.Output;
    }
}
