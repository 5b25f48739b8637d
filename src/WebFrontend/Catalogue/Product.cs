namespace OrleansSessions.WebFrontend.Catalogue;

/// <summary>Product on sale. Its picture is the symbol named <see cref="Sku"/> in <c>art/products.svg</c>.</summary>
internal sealed record Product
{
    /// <summary>The product's name in URLs and in the session: lower-case letters and hyphens.</summary>
    public required string Sku { get; init; }

    public required string Name { get; init; }

    public required string Summary { get; init; }

    public required string Description { get; init; }

    public required string Material { get; init; }

    public required string Size { get; init; }

    public required Money Price { get; init; }

    /// <summary>The colour behind the picture: a class in the stylesheet.</summary>
    public required string Tone { get; init; }
}
