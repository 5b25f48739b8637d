namespace OrleansSessions.WebFrontend.Catalogue;

/// <summary>Catalogue of all products.</summary>
internal sealed class ProductCatalogue
{
    private readonly Dictionary<string, Product> _bySku;

    public ProductCatalogue() => _bySku = Products.ToDictionary(product => product.Sku, StringComparer.Ordinal);

    /// <summary>The products, in the order in which the shop shows them.</summary>
    public IReadOnlyList<Product> Products { get; } =
    [
        new()
        {
            Sku = "arc-lamp", Name = "Arc desk lamp", Tone = "sand", Price = new Money(89_00),
            Summary = "A warm pool of light that stays where you put it.",
            Description = "A balanced arm on a weighted foot, so one finger moves it and nothing has to be tightened. The shade keeps the light on the page and out of your eyes.",
            Material = "Powder-coated steel, cotton cord", Size = "46 cm high, 15 cm foot",
        },
        new()
        {
            Sku = "stoneware-mug", Name = "Stoneware mug", Tone = "sky", Price = new Money(22_00),
            Summary = "Thrown by hand, glazed inside and out.",
            Description = "Thick enough to keep coffee warm through a long read, with a handle that takes three fingers. The foot is left bare so that you can see the clay.",
            Material = "Stoneware, reactive glaze", Size = "340 ml",
        },
        new()
        {
            Sku = "linen-notebook", Name = "Linen notebook", Tone = "sage", Price = new Money(16_00),
            Summary = "192 dotted pages that lie flat.",
            Description = "Sewn in sections, bound in linen, with a ribbon and an elastic band. The paper takes fountain pen ink without feathering.",
            Material = "Linen cover, 90 g paper", Size = "A5, 192 pages",
        },
        new()
        {
            Sku = "enamel-teapot", Name = "Enamel teapot", Tone = "rose", Price = new Money(64_00),
            Summary = "Pours without a drip, cleans with a wipe.",
            Description = "Two coats of enamel on steel, a beech knob that never gets hot, and a spout that was redrawn eleven times until the last drop stopped running.",
            Material = "Enamelled steel, beech", Size = "1.2 l",
        },
        new()
        {
            Sku = "brass-clock", Name = "Brass alarm clock", Tone = "sky", Price = new Money(48_00),
            Summary = "Two bells, no notifications.",
            Description = "A clock that does one thing. Silent sweep movement, a real bell, and a switch on the back that is easy to find in the dark.",
            Material = "Brass, glass", Size = "11 cm across",
        },
        new()
        {
            Sku = "fountain-pen", Name = "Fountain pen", Tone = "sand", Price = new Money(54_00),
            Summary = "A steel nib with a little spring in it.",
            Description = "Light, balanced with the cap posted, and ready after a week in a drawer. Takes cartridges or the converter in the box.",
            Material = "Resin barrel, steel nib", Size = "13.8 cm, medium nib",
        },
        new()
        {
            Sku = "wool-throw", Name = "Wool throw", Tone = "rose", Price = new Money(120_00),
            Summary = "Lambswool, woven in a herringbone.",
            Description = "Warm without weight. Woven from undyed and plant-dyed yarn, washed soft and finished with a hand-knotted fringe.",
            Material = "100 % lambswool", Size = "130 × 180 cm",
        },
        new()
        {
            Sku = "terracotta-planter", Name = "Terracotta planter", Tone = "sage", Price = new Money(28_00),
            Summary = "Breathes, so roots stay healthy.",
            Description = "Unglazed terracotta with a saucer that is part of the pot. Ages with every watering. The plant in the picture is a rubber fig and grows in yours.",
            Material = "Unglazed terracotta", Size = "17 cm across",
        },
        new()
        {
            Sku = "canvas-pack", Name = "Canvas day pack", Tone = "sand", Price = new Money(95_00),
            Summary = "Waxed canvas for rain and years.",
            Description = "Room for a laptop, a jumper and lunch. Waxed canvas that sheds rain, leather where it wears, and repairs for life.",
            Material = "Waxed cotton, bridle leather", Size = "18 l",
        },
        new()
        {
            Sku = "beeswax-candle", Name = "Beeswax candle", Tone = "rose", Price = new Money(18_00),
            Summary = "Burns for forty hours, smells of summer.",
            Description = "Pure beeswax with a cotton wick in a brass holder. Nothing added: the scent is the wax.",
            Material = "Beeswax, brass holder", Size = "18 cm high",
        },
        new()
        {
            Sku = "storm-umbrella", Name = "Storm umbrella", Tone = "sky", Price = new Money(58_00),
            Summary = "Turns inside out, and back again.",
            Description = "Eight fibreglass ribs that bend where others break, and a bent ash handle that hangs on any table.",
            Material = "Fibreglass, recycled polyester, ash", Size = "104 cm canopy",
        },
        new()
        {
            Sku = "oak-stool", Name = "Oak stool", Tone = "sage", Price = new Money(110_00),
            Summary = "A seat, a step, a bedside table.",
            Description = "Three legs never wobble. Solid oak, wedged joints and no screws, finished with hard wax oil.",
            Material = "Solid oak", Size = "45 cm high",
        },
    ];

    /// <summary>Finds a product, or null.</summary>
    public Product? Find(string? sku) => sku is not null && _bySku.TryGetValue(sku, out Product? product) ? product : null;
}
