using System.Globalization;

namespace Pulumi.Serialization;

/// <summary>A semantic version, compared by precedence (https://semver.org/#spec-item-11).</summary>
internal sealed class PackageVersion : IComparable<PackageVersion>
{
    public static readonly PackageVersion Zero = new([0, 0, 0], []);

    private readonly int[] _numbers;
    private readonly string[] _prerelease;

    private PackageVersion(int[] numbers, string[] prerelease)
    {
        _numbers = numbers;
        _prerelease = prerelease;
    }

    public int Major => _numbers[0];

    /// <summary>Reads a version, also with a leading <c>v</c> or without minor and patch.</summary>
    /// <exception cref="FormatException">The text is not a version.</exception>
    public static PackageVersion Parse(string version)
    {
        var withoutBuild = version.TrimStart('v', 'V').Split('+')[0];
        var dash = withoutBuild.IndexOf('-', StringComparison.Ordinal);
        var core = (dash < 0 ? withoutBuild : withoutBuild[..dash]).Split('.');
        var numbers = new int[3];
        for (var i = 0; i < Math.Min(core.Length, 3); i++)
            numbers[i] = int.Parse(core[i], NumberStyles.None, CultureInfo.InvariantCulture);
        return new PackageVersion(numbers, dash < 0 ? [] : withoutBuild[(dash + 1)..].Split('.'));
    }

    public int CompareTo(PackageVersion? other)
    {
        if (other is null)
            return 1;
        var byNumbers = _numbers.AsSpan().SequenceCompareTo(other._numbers);
        if (byNumbers != 0)
            return byNumbers;

        // A release comes after its pre-releases.
        if (_prerelease.Length == 0 || other._prerelease.Length == 0)
            return other._prerelease.Length.CompareTo(_prerelease.Length);
        foreach (var (left, right) in _prerelease.Zip(other._prerelease))
        {
            var byIdentifier = CompareIdentifiers(left, right);
            if (byIdentifier != 0)
                return byIdentifier;
        }

        return _prerelease.Length.CompareTo(other._prerelease.Length);
    }

    // Numbers come before words.
    private static int CompareIdentifiers(string left, string right)
    {
        var leftIsNumber = long.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var leftNumber);
        var rightIsNumber = long.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var rightNumber);
        return (leftIsNumber, rightIsNumber) switch
        {
            (true, true) => leftNumber.CompareTo(rightNumber),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(left, right),
        };
    }
}
