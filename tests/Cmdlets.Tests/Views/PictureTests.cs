using System.Text.RegularExpressions;
using HaCluster.Cmdlets.Tests.Hosting;
using HaCluster.Cmdlets.Tests.Twin;

namespace HaCluster.Cmdlets.Tests.Views;

/// <summary>The picture of the pages shows what Get-HaCluster shows on a new twin.</summary>
[Collection(TwinCollection.Name)]
public sealed partial class PictureTests(TwinFixture twin)
{
    private const int Columns = 100;

    [Fact]
    public void The_picture_is_what_the_terminal_shows()
    {
        var file = Path.Combine(Checkout.Root, "module", "get-hacluster.svg");
        var picture = TerminalPicture.Draw("Get-HaCluster in a terminal", "PS> Get-HaCluster\n\n" + twin.Screen.Trim('\n'), Columns);
        if (Environment.GetEnvironmentVariable("HA_WRITE_PAGES") == "1")
            File.WriteAllText(file, picture);
        Assert.DoesNotContain("…", picture, StringComparison.Ordinal);
        Assert.True(
            Lasting(picture) == Lasting(File.ReadAllText(file)),
            $"module/get-hacluster.svg is out of date; write it again: HA_WRITE_PAGES=1 dotnet test tests/Cmdlets.Tests --filter FullyQualifiedName~PictureTests\n{picture}");
    }

    /// <summary>Without times, the heads of the chains, how old or near something is, which of the schedules made the newest backup, and how many pods there are and how many are ready: jobs come and go.</summary>
    private static string Lasting(string picture) => Changing().Replace(picture.ReplaceLineEndings("\n"), "");

    [GeneratedRegex("pods [0-9]+(/| of )[0-9]+|velero-[a-z]+-[0-9]{14}|[0-9]{2}:[0-9]{2}:[0-9]{2}|(?<= at )[0-9]+|([0-9]+ (d|h|min|s)|under 1 s)( [0-9]+ (h|min|s))?(?= ago|$|<)", RegexOptions.Multiline)]
    private static partial Regex Changing();
}
