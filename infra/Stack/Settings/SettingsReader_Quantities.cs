using System.Collections.Immutable;
using System.Text.Json;
using HaCluster.Stack.Settings.Network;

namespace HaCluster.Stack.Settings;

/// <content>Address blocks and quantities.</content>
public sealed partial class SettingsReader
{
    // An exabyte: sums and products of such amounts never overflow.
    private const decimal Most = 1e18m;

    /// <summary>An IPv4 block in CIDR notation.</summary>
    public Ipv4Cidr Cidr(string name, string about, string fallback)
    {
        var text = Text(name, about, fallback, Shapes.Cidr);
        return Ipv4Cidr.TryParse(text, out var cidr, out var fault)
            ? cidr
            : Wrong(name, JsonSerializer.SerializeToElement(text), fault, Ipv4Cidr.Parse(fallback));
    }

    /// <summary>Several IPv4 blocks; a malformed one is reported and left out.</summary>
    public ImmutableArray<Ipv4Cidr> CidrList(string name, string about, string example)
    {
        var cidrs = ImmutableArray.CreateBuilder<Ipv4Cidr>();
        foreach (var (text, index) in TextList(name, about, [], Shapes.Cidr, example).Select((text, index) => (text, index)))
        {
            if (Ipv4Cidr.TryParse(text, out var cidr, out var fault))
                cidrs.Add(cidr);
            else
                Problems.Add($"{PathOf(name)}[{index}]", Shown(text), fault);
        }

        return cidrs.ToImmutable();
    }

    /// <summary>Cores.</summary>
    public Quantity Cores(string name, string about, Quantity fallback) => Amount(name, about, fallback, Shapes.Cores, bytes: false);

    /// <summary>Bytes.</summary>
    public Quantity Bytes(string name, string about, Quantity fallback) => Amount(name, about, fallback, Shapes.Bytes, bytes: true);

    private Quantity Amount(string name, string about, Quantity fallback, Shape shape, bool bytes)
    {
        _schema?.Add(name, about, SchemaTypes.Amount(shape), fallback.ToString(), null);
        if (Find(name) is not { } element)
            return fallback;

        var text = element.ValueKind is JsonValueKind.Number or JsonValueKind.String ? element.ToString() : "";
        if (!shape.Matches(text) || !Quantity.TryParse(text, out var quantity))
            return Wrong(name, element, shape.Advice, fallback);

        if (quantity.Value > Most)
            return Wrong(name, element, "it is more than any cluster has: correct the suffix", fallback);

        if (bytes && text.EndsWith('m'))
            return Wrong(name, element, $"m means thousandths, so this is less than a byte: write {text[..^1]}Mi", fallback);

        return quantity;
    }
}
