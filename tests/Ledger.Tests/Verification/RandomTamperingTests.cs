using System.Text;
using HaCluster.Ledger.Archives;
using HaCluster.Ledger.Proof;
using HaCluster.Ledger.Tests.Writing;

namespace HaCluster.Ledger.Tests.Verification;

public sealed class RandomTamperingTests : SignedArchive
{
    [Fact]
    public async Task Every_one_of_a_thousand_random_tamperings_is_found()
    {
        var random = new Random(15);
        var files = Folders.SelectMany(Directory.GetFiles).Order(StringComparer.Ordinal).ToArray();
        // The last checkpoint may be missing: then only less is signed. Nothing else may be.
        var last = Path.Combine(Archive.Folder, ArchiveNames.Checkpoint(Ledgers.Stream, Size));
        var kept = SignedCheckpoint.Parse(await CheckpointAsync());
        var missed = new List<string>();
        var kinds = new Dictionary<string, int>();
        for (var round = 0; round < 1000; round++)
        {
            var saved = new Dictionary<string, byte[]>();
            var what = Tamper(random, files.Where(file => file != last).ToArray(), saved);
            kinds[what] = kinds.GetValueOrDefault(what) + 1;
            var finding = (await Archive.VerifyAsync(kept)).Single(report => report.Stream == Ledgers.Stream).Finding;
            if (finding is null)
                missed.Add($"round {round}: {what} of {string.Join(", ", saved.Keys)}");
            foreach (var (file, content) in saved)
                Replace(file, content);
        }

        Assert.Empty(missed);
        Assert.Equal(7, kinds.Count);
        Assert.All(await Archive.VerifyAsync(kept), report => Assert.Null(report.Finding));
    }

    private static string Tamper(Random random, string[] files, Dictionary<string, byte[]> saved)
    {
        string Save(string file)
        {
            saved.TryAdd(file, File.ReadAllBytes(file));
            return file;
        }

        var segments = files.Where(file => file.EndsWith(".ndjson", StringComparison.Ordinal)).ToArray();
        var file = Save(files[random.Next(files.Length)]);
        var content = saved[file];
        switch (random.Next(7))
        {
            case 0:
                var changed = content.ToArray();
                changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                Replace(file, changed);
                return "a bit";
            case 1:
                Replace(file, content[..random.Next(content.Length)]);
                return "an end cut off";
            case 2:
                // The first checkpoint of several is named by the next; so is every segment.
                File.Delete(file);
                return "an object deleted";
            case 3:
                var start = random.Next(content.Length);
                Replace(file, [.. content[..start], .. content[(start + 1 + random.Next(Math.Min(200, content.Length - start)))..]]);
                return "a part cut out";
            case 4:
                var place = random.Next(content.Length + 1);
                Replace(file, [.. content[..place], .. content.AsSpan(random.Next(content.Length / 2), 1 + random.Next(content.Length / 2)), .. content[place..]]);
                return "a part put in";
            case 5:
                var (left, right) = (Save(segments[random.Next(segments.Length)]), "");
                do
                    right = segments[random.Next(segments.Length)];
                while (right == left);
                Save(right);
                Replace(left, saved[right]);
                Replace(right, saved[left]);
                return "two objects exchanged";
            default:
                var segment = Save(segments[random.Next(segments.Length)]);
                var lines = Encoding.UTF8.GetString(saved[segment]).TrimEnd('\n').Split('\n').ToList();
                var from = 1 + random.Next(lines.Count - 2);
                var line = lines[from];
                lines.RemoveAt(from);
                if (random.Next(2) == 0)
                    lines.Insert(from == 1 ? 2 : 1, line);
                Replace(segment, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
                return "a line moved or deleted";
        }
    }
}
