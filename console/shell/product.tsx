/** The product's mark and name: the way to the start. */
export function Product() {
  return (
    <a href="/" class="product">
      <svg class="product-mark" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="currentColor" />
        <path d="M16 5.5 26.5 11v2.2h-21V11zM8 15h3v8H8zm6.5 0h3v8h-3zM21 15h3v8h-3zM6 24.8h20v2.7H6z" />
      </svg>
      <span class="product-name">Tenantry</span>
    </a>
  );
}
