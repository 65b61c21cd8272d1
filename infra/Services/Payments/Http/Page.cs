using System.Globalization;

namespace HaCluster.Payments.Http;

/// <summary>Which part of a list is asked for: <c>?limit=</c> and <c>?cursor=</c>. A cursor is the place of the last item that was seen, so pages neither miss nor repeat what is there.</summary>
internal sealed record Page(int Limit, string? Cursor)
{
    private const int Most = 1000;
    private const int Usual = 100;

    /// <exception cref="RefusedException">A number or a cursor is wrong.</exception>
    public static Page Of(HttpContext context)
    {
        var limit = context.Request.Query["limit"].ToString();
        var cursor = context.Request.Query["cursor"].ToString();
        var count = Usual;
        if (limit.Length > 0 && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > Most))
            throw RefusedException.Invalid("limit", $"write a whole number from 1 to {Most}");
        if (cursor.Length > 100)
            throw RefusedException.Invalid("cursor", "use `next` of the previous page");
        return new Page(count, cursor.Length > 0 ? cursor : null);
    }

    /// <summary>A cursor that is a number.</summary>
    public long Number => Cursor is null ? 0
        : long.TryParse(Cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw RefusedException.Invalid("cursor", "use `next` of the previous page");

    /// <summary>The answer; <c>next</c> is missing when there is no more.</summary>
    public Task AnswerAsync<T>(HttpContext context, string name, IReadOnlyList<T> items, Func<T, string> cursor, Func<T, object> describe)
    {
        var answer = new Dictionary<string, object> { [name] = items.Select(describe).ToArray() };
        if (items.Count == Limit)
            answer["next"] = cursor(items[^1]);
        return Json.AnswerAsync(context, StatusCodes.Status200OK, answer);
    }
}
